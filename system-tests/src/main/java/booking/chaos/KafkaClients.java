package booking.chaos;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes commands to Kafka, and notes in the journal each that was acknowledged. */
final class KafkaClients implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final List<Integer> partitions;
    private final Journal journal;
    private final AtomicLong failed = new AtomicLong();

    KafkaClients(String bootstrapServers, String topic, Journal journal) {
        this.topic = topic;
        this.journal = journal;
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        1,
                        ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        200),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        partitions = producer.partitionsFor(topic).stream()
                .map(PartitionInfo::partition)
                .toList();
    }

    /** Those of the commands. */
    List<Integer> partitions() {
        return partitions;
    }

    void send(Workload.Request request) {
        send(request.to(topic));
    }

    /** Sends something to each partition that is answered, though by a dead letter. */
    void sendToEachPartition() {
        partitions.forEach(partition ->
                send(new ProducerRecord<>(topic, partition, null, "no command".getBytes(StandardCharsets.UTF_8))));
    }

    private void send(ProducerRecord<byte[], byte[]> command) {
        long now = System.nanoTime();
        var unused = producer.send(command, (at, failure) -> {
            if (failure == null) {
                journal.acknowledged(at.partition(), at.offset(), now);
            } else {
                // Nobody was told that it is there; it may be, all the same.
                failed.incrementAndGet();
            }
        });
    }

    /** Waits until each command is acknowledged or has failed. */
    void flush() {
        producer.flush();
    }

    /** How many were not acknowledged. */
    long failed() {
        return failed.get();
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
