package booking.processor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.BookingSystem;
import booking.processor.desk.CommandBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is small when it is sent and large when it is unpacked does not come all at once. */
class PollBudgetIT {
    private static final int MEGABYTE = 1024 * 1024;

    private BookingSystem system;
    private TopicPartition partition;
    private BatchingConsumer consumer;

    @BeforeEach
    void start() {
        system = new BookingSystem(Map.of());
        partition = new TopicPartition(system.topics().commands(), 3);
        consumer = new BatchingConsumer(
                Map.of("bootstrap.servers", bootstrapServers(), "max.poll.records", 4_000),
                Duration.ZERO,
                new PollClock());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    @AfterEach
    void stop() {
        consumer.close();
        system.close();
    }

    @Test
    void pollsFitIntoMemoryHoweverMuchIsUnpackedAndNothingIsLeftOut() {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            values.add(new byte[MEGABYTE]);
        }
        send(new byte[1], values);

        List<CommandBatch> batches = poll(64);

        assertThat(batches)
                .allSatisfy(
                        batch -> assertThat(bytes(batch)).isBetween(1L, BatchingConsumer.MOST_POLL_BYTES + MEGABYTE));
        assertThat(offsets(batches)).isEqualTo(LongStream.range(0, 64).boxed().toList());
        assertThat(batches)
                .allSatisfy(batch ->
                        assertThat(batch.nextOffset()).isEqualTo(last(batch).offset() + 1));
    }

    @Test
    void aRecordThatIsMoreThanAPollMayBringComesByItself() {
        int tooMuch = Math.toIntExact(BatchingConsumer.MOST_POLL_BYTES + 1);
        send(new byte[tooMuch], List.of(new byte[tooMuch], new byte[1], new byte[tooMuch]));

        List<CommandBatch> batches = poll(3);

        assertThat(batches).extracting(batch -> batch.records().size()).containsExactly(1, 1, 1);
        assertThat(offsets(batches)).containsExactly(0L, 1L, 2L);
        assertThat(last(batches.get(2)).value()).hasSize(tooMuch);
    }

    /** All in as few requests as there can be. */
    private void send(byte[] key, List<byte[]> values) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers(),
                        "compression.type",
                        "zstd",
                        "linger.ms",
                        1_000,
                        "batch.size",
                        MEGABYTE,
                        "max.request.size",
                        100 * MEGABYTE,
                        "buffer.memory",
                        200L * MEGABYTE),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            values.stream()
                    .map(value ->
                            producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), key, value)))
                    .toList()
                    .forEach(BookingSystem::position);
        }
    }

    private List<CommandBatch> poll(int records) {
        List<CommandBatch> batches = new ArrayList<>();
        Awaitility.await().atMost(BookingSystem.PATIENCE).until(() -> {
            for (ConsumerRecord<byte[], byte[]> standIn : consumer.poll(Duration.ofMillis(100))) {
                try (var deserializer = new PollHeaders.PollDeserializer()) {
                    batches.add(deserializer
                            .deserialize(standIn.topic(), standIn.headers(), standIn.value())
                            .batch(standIn.partition()));
                }
            }
            return batches.stream().mapToInt(batch -> batch.records().size()).sum() >= records;
        });
        return batches;
    }

    private String bootstrapServers() {
        return String.valueOf(system.environment().get("BOOKING_KAFKA_BOOTSTRAP_SERVERS"));
    }

    private static long bytes(CommandBatch batch) {
        return batch.records().stream()
                .mapToLong(record -> record.key().length + record.value().length)
                .sum();
    }

    private static List<Long> offsets(List<CommandBatch> batches) {
        return batches.stream()
                .flatMap(batch -> batch.records().stream())
                .map(ConsumerRecord::offset)
                .toList();
    }

    private static ConsumerRecord<byte[], byte[]> last(CommandBatch batch) {
        return batch.records().get(batch.records().size() - 1);
    }
}
