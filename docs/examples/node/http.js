// The same as kafka.js through the gateway, with nothing but Node.
//
// GATEWAY=http://127.0.0.1:8080 node http.js

import { randomUUID } from "node:crypto";

const gateway = process.env.GATEWAY ?? "http://127.0.0.1:8080";

const eventId = `recital-${randomUUID()}`;
const created = await write("/v1/events", { eventId, name: "Recital", date: "2027-05-01T20:00:00Z", venue: eventId });
console.log(`createEvent: ${created.outcome}`);

for (const userId of ["alice", "bob"]) {
  const booked = await write(`/v1/events/${eventId}/bookings`, { userId });
  console.log(`book for ${userId}: ${booked.outcome}${booked.reason ? ` ${booked.reason}` : ""}`);
}

/** Gives the result, whether it is accepted or rejected. */
async function write(path, body) {
  // The same key makes it safe to send the same request again.
  const key = randomUUID();
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(gateway + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (response.status === 202) {
      return outcome(new URL(response.headers.get("Location"), gateway));
    }
    if ((response.status === 429 || response.status === 503) && attempt < 10) {
      await seconds(Number(response.headers.get("Retry-After") ?? 1));
      continue;
    }
    // A problem that was decided carries the whole result.
    const result = response.ok ? answer : answer.result;
    if (result === undefined) {
      throw new Error(`${response.status} ${answer.reason}: ${answer.detail}`);
    }
    return result;
  }
}

/** The command is taken; asks until it is decided. */
async function outcome(location) {
  for (let attempt = 1; attempt <= 60; attempt++) {
    const response = await fetch(location);
    const command = await response.json();
    if (response.ok && command.status !== "PENDING") {
      return command.result;
    }
    await seconds(1);
  }
  throw new Error(`not decided yet: ${location}`);
}

function seconds(count) {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}
