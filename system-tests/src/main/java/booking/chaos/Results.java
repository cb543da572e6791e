package booking.chaos;

import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import booking.schemas.topic.HeaderNames;
import booking.schemas.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed results and dead letters as they come, and knows which commands have been answered. */
final class Results implements AutoCloseable {
    private static final ResultDecoder DECODER = new ResultDecoder();
    private static final Pattern SOURCE = Pattern.compile("/.*/(?<partition>[0-9]+)/(?<offset>[0-9]+)");
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicNames topics;
    private final Thread reader = new Thread(this::read, "results");
    private volatile boolean closed;

    private final Map<Integer, BitSet> answered = new HashMap<>();
    private final Map<UUID, Set<Outcome>> outcomes = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    /** For each partition, from which offset on the next answer is waited for, and when it came. */
    private Map<Integer, Long> watched = Map.of();

    private boolean isWatching;

    private final Map<Integer, Recovered> recovered = new HashMap<>();

    /** The first answer on a partition to a command behind some offset, and when it was read. */
    record Recovered(long offset, long nanos) {}

    Results(String bootstrapServers, TopicNames topics) {
        this.topics = topics;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        200),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(topics.results(), topics.deadLetters())
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try {
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
            }
        } finally {
            // The brokers may be away.
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    private synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        int partition;
        long offset;
        if (record.topic().equals(topics.results())) {
            Matcher source = SOURCE.matcher(header(record, HeaderNames.SOURCE));
            if (!source.matches()) {
                throw new IllegalStateException("a result says that it is from " + source);
            }
            partition = Integer.parseInt(source.group("partition"));
            offset = Long.parseLong(source.group("offset"));
            Result result = DECODER.decode(record.value());
            outcomes.computeIfAbsent(result.commandId(), none -> new HashSet<>())
                    .add(Outcome.of(result));
        } else {
            partition = Integer.parseInt(header(record, "__streams.errors.partition"));
            offset = Long.parseLong(header(record, "__streams.errors.offset"));
        }
        BitSet offsets = answered.computeIfAbsent(partition, none -> new BitSet());
        if (offsets.get(Math.toIntExact(offset))) {
            violations.add("the command at " + partition + "-" + offset + " was answered twice");
        }
        offsets.set(Math.toIntExact(offset));
        if (isWatching && offset >= watched.getOrDefault(partition, 0L)) {
            recovered.putIfAbsent(partition, new Recovered(offset, System.nanoTime()));
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null) {
            throw new IllegalStateException("a record of " + record.topic() + " has no header " + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Watches, from now on, when the first commands from these offsets on are answered. */
    synchronized void watch(Map<Integer, Long> from) {
        isWatching = true;
        watched = Map.copyOf(from);
        recovered.clear();
    }

    /** The offsets that are watched from. */
    synchronized Map<Integer, Long> watched() {
        return watched;
    }

    /** The first answers since {@link #watch}, by partition. */
    synchronized Map<Integer, Recovered> recovered() {
        return Map.copyOf(recovered);
    }

    /** Those of these commands that have no answer yet. */
    synchronized List<String> unanswered(Map<Integer, List<Long>> commands) {
        List<String> unanswered = new ArrayList<>();
        commands.forEach((partition, offsets) -> {
            BitSet known = answered.getOrDefault(partition, new BitSet());
            for (long offset : offsets) {
                if (!known.get(Math.toIntExact(offset))) {
                    unanswered.add(partition + "-" + offset);
                }
            }
        });
        return unanswered;
    }

    /** Whether this is a result; an id has several that differ only when it was used for several things. */
    synchronized boolean contain(Journal.Answer answer) {
        return outcomes.getOrDefault(answer.commandId(), Set.of()).contains(answer.outcome());
    }

    /** Whether there is any result of this command. */
    synchronized boolean answer(UUID commandId) {
        return outcomes.containsKey(commandId);
    }

    /** What was found wrong since this was asked last. */
    synchronized List<String> takeViolations() {
        List<String> taken = List.copyOf(violations);
        violations.clear();
        return taken;
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
