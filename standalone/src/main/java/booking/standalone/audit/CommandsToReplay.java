package booking.standalone.audit;

import booking.configuration.KafkaSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The commands of all partitions as one line, in the order of their times; within a partition, whatever the times say, in
 * that of their offsets. It keeps a bounded part of the log in memory.
 */
final class CommandsToReplay implements AutoCloseable {
    private static final Duration POLL_WAIT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int RECORDS_AT_ONCE = 5_000;
    private static final long BYTES_IN_MEMORY = 64L * 1024 * 1024;
    private static final long LEAST_BYTES_OF_A_PARTITION = 64L * 1024;
    /** What a record takes beside its value, about. */
    private static final long BYTES_OF_A_RECORD = 200;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Line> lines;
    private final Set<Line> unknownNext;
    private final PriorityQueue<Line> byTime = new PriorityQueue<>(
            Comparator.comparingLong(Line::nextTime).thenComparing(line -> line.partition.partition()));
    private final long mostBytesOfAPartition;

    /**
     * Goes to the beginning of the log.
     *
     * @param until for each partition the first offset that is not wanted
     * @throws CannotReplayException when the log does not have all that is wanted
     */
    CommandsToReplay(KafkaSettings kafka, String topic, SortedMap<Integer, Long> until) {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_ONCE);
        // What is deleted under our hands must not be passed over.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        lines = until.entrySet().stream()
                .map(end -> new Line(new TopicPartition(topic, end.getKey()), end.getValue()))
                .collect(Collectors.toMap(line -> line.partition, line -> line));
        unknownNext = lines.values().stream().filter(line -> line.until > 0).collect(Collectors.toSet());
        mostBytesOfAPartition = Math.max(LEAST_BYTES_OF_A_PARTITION, BYTES_IN_MEMORY / Math.max(1, lines.size()));
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            Set<TopicPartition> wanted =
                    unknownNext.stream().map(line -> line.partition).collect(Collectors.toSet());
            consumer.assign(wanted);
            wanted.forEach(partition -> consumer.seek(partition, 0));
            requireAll(wanted);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private void requireAll(Collection<TopicPartition> wanted) {
        consumer.beginningOffsets(wanted).forEach((partition, beginning) -> {
            if (beginning > 0) {
                throw new CannotReplayException("partition " + partition.partition() + " begins at offset " + beginning
                        + ": the commands before it are no longer kept, and what they did cannot be known");
            }
        });
        consumer.endOffsets(wanted).forEach((partition, end) -> {
            long until = line(partition).until;
            if (end < until) {
                throw new CannotReplayException(
                        "partition " + partition.partition() + " ends at offset " + end + ", but commands up to "
                                + until + " were decided: the log has lost some, or a transaction is open");
            }
        });
    }

    /** The next command; empty at the end. */
    Optional<ConsumerRecord<byte[], byte[]>> next() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!unknownNext.isEmpty()) {
            if (read()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new CannotReplayException("the brokers gave no more commands for " + PATIENCE.toSeconds() + " s");
            }
        }
        Line line = byTime.poll();
        if (line == null) {
            return Optional.empty();
        }
        ConsumerRecord<byte[], byte[]> record = line.take();
        (line.isEmpty() ? unknownNext : byTime).add(line);
        return Optional.of(record);
    }

    /** Reads some more; false when nothing came. */
    private boolean read() {
        pauseThoseAhead();
        long before = positions();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_WAIT)) {
            Line line = line(new TopicPartition(record.topic(), record.partition()));
            if (record.offset() < line.until) {
                line.add(record);
            }
        }
        for (Line line : List.copyOf(unknownNext)) {
            if (!line.isEmpty()) {
                unknownNext.remove(line);
                byTime.add(line);
            } else if (isRead(line)) {
                unknownNext.remove(line);
            }
        }
        return positions() > before;
    }

    private void pauseThoseAhead() {
        Set<TopicPartition> ahead = lines.values().stream()
                .filter(line -> line.until > 0 && (line.bytes > mostBytesOfAPartition || isRead(line)))
                .map(line -> line.partition)
                .collect(Collectors.toSet());
        consumer.resume(consumer.paused());
        consumer.pause(ahead);
    }

    /** Whether all that is wanted of it was read. Gaps, such as the markers of transactions, count as read. */
    private boolean isRead(Line line) {
        return consumer.position(line.partition) >= line.until;
    }

    private long positions() {
        return consumer.assignment().stream().mapToLong(consumer::position).sum();
    }

    private Line line(TopicPartition partition) {
        Line line = lines.get(partition);
        if (line == null) {
            throw new NoSuchElementException("nobody asked for " + partition);
        }
        return line;
    }

    @Override
    public void close() {
        consumer.close();
    }

    /** What was read of a partition and not taken yet. */
    private static final class Line {
        private final TopicPartition partition;
        private final long until;
        private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
        private long bytes;

        private Line(TopicPartition partition, long until) {
            this.partition = partition;
            this.until = until;
        }

        private boolean isEmpty() {
            return records.isEmpty();
        }

        private void add(ConsumerRecord<byte[], byte[]> record) {
            records.add(record);
            bytes += size(record);
        }

        private ConsumerRecord<byte[], byte[]> take() {
            ConsumerRecord<byte[], byte[]> record = records.remove();
            bytes -= size(record);
            return record;
        }

        private long nextTime() {
            return records.element().timestamp();
        }

        private static long size(ConsumerRecord<?, ?> record) {
            return BYTES_OF_A_RECORD
                    + Math.max(0, record.serializedKeySize())
                    + Math.max(0, record.serializedValueSize());
        }
    }
}
