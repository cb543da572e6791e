// Makes an event with one place and books it twice, through Kafka: the first gets it, the second is told so.
//
// KAFKA=127.0.0.1:9092 TOPICS_PREFIX=booking node kafka.js

import { randomUUID } from "node:crypto";
import { Kafka, Partitioners, logLevel } from "kafkajs";

const brokers = (process.env.KAFKA ?? "127.0.0.1:9092").split(",");
const prefix = process.env.TOPICS_PREFIX ?? "booking";
const PATIENCE_MILLIS = 60_000;

const kafka = new Kafka({ clientId: "node-example", brokers, logLevel: logLevel.ERROR });

// kafkajs calls the partitioner of Java's clients DefaultPartitioner, since 2.0.
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });

// A group of its own, as each instance of this program wants all results. readUncommitted: false is the default of kafkajs,
// and is what others call isolation.level=read_committed.
const group = `node-example-${randomUUID()}`;
const consumer = kafka.consumer({ groupId: group, readUncommitted: false });

const waiting = new Map();

await consumer.connect();
await consumer.subscribe({ topic: `${prefix}-results`, fromBeginning: false });
const reading = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
await consumer.run({
  eachMessage: async ({ message }) => {
    const result = JSON.parse(message.value.toString());
    waiting.get(result.commandId)?.(result);
  },
});
await reading;
await producer.connect();

try {
  const eventId = `recital-${randomUUID()}`;
  // No two events share a venue and a date, so this one gets a venue of its own.
  const created = await ask({
    type: "createEvent",
    eventId,
    name: "Recital",
    date: "2027-05-01T20:00:00Z",
    venue: eventId,
  });
  console.log(`createEvent: ${created.outcome}`);

  for (const userId of ["alice", "bob"]) {
    const booked = await ask({ type: "book", eventId, userId });
    const { partition, offset } = booked.position;
    console.log(
      `book for ${userId}: ${booked.outcome}${booked.reason ? ` ${booked.reason}` : ""}, ` +
        `in the line of partition ${partition} at ${offset}`,
    );
  }
} finally {
  await producer.disconnect();
  await consumer.disconnect();
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteGroups([group]);
  await admin.disconnect();
}

/** Sends a command and waits for its one result. */
async function ask(fields) {
  const command = { commandId: randomUUID(), ...fields };
  const result = new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no result for ${command.type} in ${PATIENCE_MILLIS} ms; send it again, unchanged`)),
      PATIENCE_MILLIS,
    );
    waiting.set(command.commandId, (value) => {
      clearTimeout(timer);
      waiting.delete(command.commandId);
      resolve(value);
    });
  });
  await producer.send({
    topic: `${prefix}-commands`,
    acks: -1,
    // The key decides in which line the command stands; it has to be the eventId.
    messages: [{ key: command.eventId, value: JSON.stringify(command) }],
  });
  return result;
}
