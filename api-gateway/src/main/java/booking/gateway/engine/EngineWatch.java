package booking.gateway.engine;

import booking.configuration.KafkaSettings;
import booking.gateway.read.DecidedBatches;
import booking.gateway.read.ReadPool;
import booking.gateway.send.CommandsTopic;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then how much of the log is not decided yet, and in what portions it is decided: at the log, and at the
 * tables, which say how far the log has been decided and which transaction wrote what.
 */
public final class EngineWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int PATIENCE_MILLIS = 2_000;

    private final Admin admin;
    private final String topic;
    private final CommandsTopic commands;
    private final ReadPool reads;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "gateway-engine-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile double undecided = Double.NaN;
    private volatile double batchCommands = Double.NaN;

    private EngineWatch(KafkaSettings kafka, String topic, CommandsTopic commands, ReadPool reads) {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "booking-gateway-engine-watch");
        this.admin = Admin.create(properties);
        this.topic = topic;
        this.commands = commands;
        this.reads = reads;
    }

    /**
     * Starts to look.
     *
     * @param topic the commands
     */
    public static EngineWatch start(
            KafkaSettings kafka, String topic, CommandsTopic commands, ReadPool reads, MeterRegistry registry) {
        EngineWatch watch = new EngineWatch(kafka, topic, commands, reads);
        watch.gauge(
                registry, "booking.commands.undecided", "Commands in the log that are not decided", at -> at.undecided);
        watch.gauge(
                registry,
                "booking.recent.batch.commands",
                "Commands decided in one transaction, on average over the last ten seconds",
                at -> at.batchCommands);
        var unused = watch.looking.scheduleWithFixedDelay(watch::look, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<EngineWatch> value) {
        Gauge.builder(name, this, value).description(description).register(registry);
    }

    private void look() {
        undecided = orUnknown("how much is undecided", countUndecided());
        batchCommands = orUnknown(
                "the batches",
                reads.read(tables -> tables.recentBatches()
                        .map(DecidedBatches::commandsPerTransaction)
                        .orElse(Double.NaN)));
    }

    /** On the one thread that looks, which has nothing else to do. */
    private static double orUnknown(String what, CompletionStage<Double> looked) {
        try {
            return looked.toCompletableFuture()
                    .orTimeout(3L * PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            LOG.debug("Cannot look at {}: {}", what, e.toString());
            return Double.NaN;
        }
    }

    private CompletionStage<Double> countUndecided() {
        return commands.id()
                .thenCompose(id -> ranges().thenCompose(ranges -> reads.read(tables -> {
                    Map<Integer, Long> decided = tables.decidedUpTo(id);
                    double sum = 0;
                    for (Map.Entry<Integer, Range> partition : ranges.entrySet()) {
                        Range range = partition.getValue();
                        long next = Math.max(range.first(), decided.getOrDefault(partition.getKey(), 0L));
                        sum += Math.max(0, range.end() - next);
                    }
                    return sum;
                })));
    }

    /** What a partition keeps: from its first offset to before its end. */
    private record Range(long first, long end) {}

    private CompletionStage<Map<Integer, Range>> ranges() {
        return admin.describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(PATIENCE_MILLIS))
                .allTopicNames()
                .toCompletionStage()
                .thenCompose(topics -> {
                    CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> first =
                            offsets(topics, OffsetSpec.earliest());
                    return offsets(topics, OffsetSpec.latest()).thenCombine(first, EngineWatch::ranges);
                });
    }

    private CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
            Map<String, TopicDescription> topics, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        topics.forEach((name, described) -> described
                .partitions()
                .forEach(partition -> wanted.put(new TopicPartition(name, partition.partition()), which)));
        return admin.listOffsets(wanted, new ListOffsetsOptions().timeoutMs(PATIENCE_MILLIS))
                .all()
                .toCompletionStage();
    }

    private static Map<Integer, Range> ranges(
            Map<TopicPartition, ListOffsetsResultInfo> ends, Map<TopicPartition, ListOffsetsResultInfo> firsts) {
        Map<Integer, Range> ranges = new HashMap<>();
        ends.forEach((partition, end) -> {
            ListOffsetsResultInfo first = firsts.get(partition);
            ranges.put(partition.partition(), new Range(first == null ? 0 : first.offset(), end.offset()));
        });
        return ranges;
    }

    @Override
    public void close() {
        looking.shutdownNow();
        admin.close(Duration.ofSeconds(1));
    }
}
