package booking.processor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.desk.CommandBatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchingConsumerTest {
    private static final TopicPartition HALL = new TopicPartition("commands", 0);
    private static final TopicPartition ROOF = new TopicPartition("commands", 1);

    // It never polls, so nobody need listen there.
    private final BatchingConsumer consumer =
            new BatchingConsumer(Map.of("bootstrap.servers", "127.0.0.1:1"), Duration.ZERO, new PollClock());

    @BeforeEach
    void assign() {
        consumer.assign(List.of(HALL, ROOF));
    }

    @AfterEach
    void close() {
        consumer.close();
    }

    @Test
    void allThatOnePartitionGaveBecomesOneRecord() {
        ConsumerRecords<byte[], byte[]> records = batched(HALL, 7, 8, 9);

        assertThat(records.count()).isEqualTo(1);
        assertThat(batch(records, HALL).records())
                .extracting(ConsumerRecord::offset)
                .containsExactly(7L, 8L, 9L);
    }

    @Test
    void eachPartitionHasItsOwnRecordOfTheSamePoll() {
        ConsumerRecords<byte[], byte[]> records = consumer.batched(new ConsumerRecords<>(
                Map.of(HALL, List.of(record(HALL, 7)), ROOF, List.of(record(ROOF, 3))),
                Map.of(HALL, new OffsetAndMetadata(8), ROOF, new OffsetAndMetadata(4))));

        assertThat(records.count()).isEqualTo(2);
        assertThat(poll(records, HALL)).isSameAs(poll(records, ROOF));
    }

    @Test
    void aBatchThatStillWaitsWhenOffsetsAreCommittedComesAgainAsAWhole() {
        // Streams commits the offset of the record at the head of its queue.
        assertThat(batched(HALL, 7, 8, 9).records(HALL).get(0).offset()).isEqualTo(7);
    }

    @Test
    void aProcessedBatchIsCommittedAsAWholeWithTheMarkersBehindIt() {
        ConsumerRecords<byte[], byte[]> records = batched(HALL, 7, 8, 9);

        assertThat(records.nextOffsets()).isEqualTo(Map.of(HALL, new OffsetAndMetadata(11)));
        assertThat(batch(records, HALL).nextOffset()).isEqualTo(11);
    }

    @Test
    void recordsWithoutATimeAreNotDropped() {
        // Streams drops what has a negative time.
        assertThat(batched(HALL, 7).records(HALL).get(0).timestamp()).isZero();
    }

    /** The poll that brought these records, and behind them the marker of a transaction. */
    private ConsumerRecords<byte[], byte[]> batched(TopicPartition partition, long... offsets) {
        List<ConsumerRecord<byte[], byte[]>> records = Arrays.stream(offsets)
                .mapToObj(offset -> record(partition, offset))
                .toList();
        long afterTheMarker = offsets[offsets.length - 1] + 2;
        return consumer.batched(new ConsumerRecords<>(
                Map.of(partition, records), Map.of(partition, new OffsetAndMetadata(afterTheMarker))));
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset) {
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                ConsumerRecord.NO_TIMESTAMP,
                TimestampType.NO_TIMESTAMP_TYPE,
                0,
                0,
                new byte[0],
                new byte[0],
                new RecordHeaders(),
                Optional.empty());
    }

    private static CommandBatch batch(ConsumerRecords<byte[], byte[]> records, TopicPartition partition) {
        return poll(records, partition).batch(partition.partition());
    }

    private static Poll poll(ConsumerRecords<byte[], byte[]> records, TopicPartition partition) {
        ConsumerRecord<byte[], byte[]> standIn = records.records(partition).get(0);
        try (var deserializer = new PollHeaders.PollDeserializer()) {
            return deserializer.deserialize(partition.topic(), standIn.headers(), standIn.value());
        }
    }
}
