package booking.processor.stream;

import static org.apache.kafka.streams.CloseOptions.GroupMembershipOperation.LEAVE_GROUP;

import booking.processor.ProcessorSettings;
import booking.processor.TimeoutLadder;
import booking.processor.desk.Desk;
import booking.processor.store.DatabaseFailure;
import booking.schemas.topic.TopicDefinitions;
import booking.schemas.topic.TopicNames;
import booking.telemetry.Tracing;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running Kafka Streams application: commands in, results, availability and dead letters out, exactly once. */
public final class BookingStreams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BookingStreams.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(20);
    /** How old a client lets its knowledge of the brokers get, whether they answer or not; minutes if nothing is said. */
    private static final List<String> CLIENTS_LOOK_AGAIN = List.of(
            CommonClientConfigs.METADATA_MAX_AGE_CONFIG,
            CommonClientConfigs.METADATA_RECOVERY_REBOOTSTRAP_TRIGGER_MS_CONFIG);

    private final KafkaStreams streams;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final LongAdder rebalances = new LongAdder();
    private final LongAdder threadsReplaced = new LongAdder();
    private final HangWatch hangs;
    private int spareThreads;

    public BookingStreams(ProcessorSettings settings, Desk desk, ProgressComparison progress, Tracing tracing) {
        this(settings, desk, progress, tracing, new BatchingClients(settings.pollPause()));
    }

    /** @param clients for a test, which may want to know what they are asked to do */
    BookingStreams(
            ProcessorSettings settings,
            Desk desk,
            ProgressComparison progress,
            Tracing tracing,
            BatchingClients clients) {
        CommandSpans spans = new CommandSpans(tracing);
        this.streams =
                new KafkaStreams(topology(settings.topics(), desk, progress, spans), properties(settings), clients);
        this.hangs = new HangWatch(clients.clocks(), TimeoutLadder.MAX_POLL_INTERVAL, this::replaceThread);
        this.spareThreads = settings.threads();
        streams.setUncaughtExceptionHandler(this::onFailure);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.REBALANCING) {
                rebalances.increment();
            }
        });
    }

    /** Starts to take part in the group; returns at once. */
    public void start() {
        streams.start();
        hangs.start();
    }

    /** Whether it has its partitions and works on them. */
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** How often the group has shared out the partitions anew, as seen from here. */
    public long rebalances() {
        return rebalances.sum();
    }

    /** How many of its threads have failed, or hung, and were replaced. */
    public long threadsReplaced() {
        return threadsReplaced.sum();
    }

    /** How many partitions it has at the moment. */
    public int partitions() {
        return isRunning()
                ? streams.metadataForLocalThreads().stream()
                        .mapToInt(thread -> thread.activeTasks().size())
                        .sum()
                : 0;
    }

    /** Completes exceptionally when it has stopped for a reason that trying again cannot mend. */
    public CompletableFuture<Void> failure() {
        return failure;
    }

    @Override
    public void close() {
        hangs.close();
        // Its partitions go to another instance at once, or to the next start, rather than when the session is over.
        streams.close(CloseOptions.timeout(CLOSE_WAIT).withGroupMembershipOperation(LEAVE_GROUP));
    }

    private static Topology topology(TopicNames topics, Desk desk, ProgressComparison progress, CommandSpans spans) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        return new Topology()
                .addSource(
                        "commands", new ByteArrayDeserializer(), new PollHeaders.PollDeserializer(), topics.commands())
                .addProcessor("desk", () -> new DeskProcessor(desk, progress, spans, topics.commands()), "commands")
                .addSink(DeskProcessor.RESULTS, topics.results(), bytes, bytes, "desk")
                .addSink(DeskProcessor.AVAILABILITY, topics.availability(), bytes, bytes, "desk")
                .addSink(DeskProcessor.DEAD_LETTERS, topics.deadLetters(), bytes, bytes, "desk");
    }

    private static Properties properties(ProcessorSettings settings) {
        Properties properties = new Properties();
        properties.putAll(settings.kafka().clientProperties());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.group());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        // The newer group protocol does not take client suppliers.
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), settings.maxBatch());
        // Room for a whole batch from one hot partition.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 * 1024 * 1024);
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                Math.toIntExact(settings.sessionTimeout().toMillis()));
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                Math.toIntExact(settings.sessionTimeout().toMillis() / 4));
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG),
                Math.toIntExact(TimeoutLadder.MAX_POLL_INTERVAL.toMillis()));
        // What the brokers do not answer must not keep a thread, nor its place in the group, for Kafka's own minutes.
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG),
                Math.toIntExact(TimeoutLadder.OFFSETS_ANSWER.toMillis()));
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG),
                TimeoutLadder.KAFKA_ANSWER.toMillis());
        properties.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, TimeoutLadder.KAFKA_PATIENCE.toMillis());
        for (String setting : CLIENTS_LOOK_AGAIN) {
            properties.put(StreamsConfig.consumerPrefix(setting), TimeoutLadder.KAFKA_PATIENCE.toMillis());
            properties.put(StreamsConfig.producerPrefix(setting), TimeoutLadder.KAFKA_PATIENCE.toMillis());
        }
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                Math.toIntExact(TimeoutLadder.KAFKA_TRANSACTION.toMillis()));
        // A transaction that follows another at once is told to come back; the default of 100 ms would be felt.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
        // A poll's results mostly go to one partition, and a request carries one batch for each.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 * 1024);
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                TopicDefinitions.MOST_DEAD_LETTER_BYTES);
        return properties;
    }

    /** Each thread may be replaced once on average: whoever hangs more often than that needs somebody to look at it. */
    private boolean replaceThread() {
        if (spareThreads == 0 || streams.addStreamThread().isEmpty()) {
            return false;
        }
        spareThreads--;
        threadsReplaced.increment();
        return true;
    }

    private StreamThreadExceptionResponse onFailure(Throwable thrown) {
        if (canBeMended(thrown)) {
            threadsReplaced.increment();
            LOG.warn("A stream thread failed and is replaced", thrown);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("The processor stops: trying again would not mend this", thrown);
        failure.completeExceptionally(thrown);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** Whether a new thread, which starts from what was committed last, may do better. */
    static boolean canBeMended(Throwable thrown) {
        boolean isBrokers = false;
        Throwable root = thrown;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            root = cause;
            if (cause instanceof SQLException) {
                DatabaseFailure.Kind kind = DatabaseFailure.of(cause).kind();
                return kind == DatabaseFailure.Kind.RECONNECT || kind == DatabaseFailure.Kind.TRY_AGAIN;
            }
            if (cause instanceof AuthenticationException
                    || cause instanceof AuthorizationException
                    || cause instanceof MissingSourceTopicException
                    // It would be made the same again.
                    || cause instanceof RecordTooLargeException) {
                return false;
            }
            isBrokers |= cause instanceof ApiException;
        }
        // Anything that is not the brokers' failure is a bug of ours.
        return isBrokers || root instanceof KafkaException;
    }
}
