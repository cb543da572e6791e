package booking.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The AsyncAPI file, held against every record that a run of everything leaves on the topics. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishedRecordsIT {
    private BookingOffice office;
    private Client client;

    @BeforeAll
    void open() {
        office = BookingOffice.open();
        client = office.client();
    }

    @AfterAll
    void close() {
        office.close();
    }

    @Test
    void everyRecordIsAMessageOfItsTopicAndEveryMessageIsSeen() {
        giveEveryCommand();
        publish("no command of anybody");
        publish("{\"commandId\":\"" + UUID.randomUUID() + "\",\"eventId\":\"e\",\"type\":\"steal\"}");
        AsyncApiFile file = new AsyncApiFile(
                client.get("/asyncapi.yaml").text(),
                name -> client.get("/" + name).text());

        // The processor writes some by itself, a moment later.
        Awaitility.await("every message is seen").atMost(BookingOffice.PATIENCE).untilAsserted(() -> {
            records().forEach(record -> file.check(record, office.topics()));
            assertThat(file.seen()).isEqualTo(file.messages());
        });
    }

    private void giveEveryCommand() {
        String path = "/v1/events/" + office.event(2);
        assertThat(client.patch(path, "{\"name\":\"Another name\"}").status()).isEqualTo(200);
        String bookings = path + "/bookings";
        Reply booked = client.post(
                bookings,
                "{\"userId\":\"alice\"}",
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "tracestate",
                "shop=1");
        assertThat(booked.status()).isEqualTo(201);
        String hold = client.post(bookings, "{\"userId\":\"bob\",\"holdSeconds\":600}")
                .header("Location")
                .orElseThrow();
        assertThat(client.post(path + "/waitlist", "{\"userId\":\"carol\"}").status())
                .isEqualTo(200);
        assertThat(client.delete(path + "/waitlist?userId=carol").status()).isEqualTo(200);
        assertThat(client.post(hold + "/confirmation").status()).isEqualTo(200);
        assertThat(client.delete(booked.header("Location").orElseThrow()).status())
                .isEqualTo(200);
        assertThat(client.post(bookings, "{\"userId\":\"dave\",\"quantity\":2}").status())
                .isEqualTo(409);
        assertThat(client.post(bookings, "{\"userId\":\"erin\",\"holdSeconds\":1}")
                        .status())
                .isEqualTo(201);
        assertThat(client.post(path + "/closure").status()).isEqualTo(200);
    }

    private void publish(String value) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", office.servers().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var unused = producer.send(
                    new ProducerRecord<>(office.topics().commands(), "e".getBytes(UTF_8), value.getBytes(UTF_8)));
        }
    }

    /** What those read who follow the contract; what the senders of bad records wrote is theirs. */
    private List<ConsumerRecord<byte[], byte[]>> records() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", office.servers().bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (String topic : List.of(
                    office.topics().commands(),
                    office.topics().results(),
                    office.topics().availability(),
                    office.topics().deadLetters())) {
                consumer.partitionsFor(topic)
                        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < requireNonNull(ends.get(partition)))) {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
        }
        records.removeIf(record -> record.topic().equals(office.topics().commands())
                && record.headers().lastHeader("ce_id") == null);
        return records;
    }
}
