package booking.gateway.send;

import booking.configuration.KafkaSettings;
import booking.schemas.command.Command;
import booking.schemas.command.CommandEncoder;
import booking.schemas.result.Position;
import booking.schemas.topic.CloudEventHeaders;
import booking.schemas.topic.HeaderNames;
import booking.telemetry.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes commands to their topic. Never blocks: what cannot be taken at once is refused. */
public final class CommandPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandPublisher.class);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);
    private static final Duration CONNECT_PAUSE = Duration.ofMillis(200);
    private static final String SOURCE = "/booking/gateway";

    private final CommandsTopic commands;
    private final String topic;
    private final KafkaProducer<String, byte[]> producer;
    private final CommandEncoder encoder = new CommandEncoder();
    private final Silence silence = new Silence(LONGEST_SILENCE, System::nanoTime);
    private final ScheduledExecutorService connecting =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "gateway-connect"));
    private final Timer acknowledgements;
    private final Counter refused;
    private final Counter unknown;
    /** Of what was acknowledged, by partition. */
    private final Map<Integer, Long> lastWritten = new ConcurrentHashMap<>();

    private volatile boolean connected;

    private CommandPublisher(KafkaSettings kafka, CommandsTopic commands, String topic, MeterRegistry meters) {
        this.commands = commands;
        this.topic = topic;
        this.acknowledgements = Timer.builder("booking.commands.acknowledgement")
                .description("From the sending of a command until all in-sync replicas have it")
                .serviceLevelObjectives(Meters.latencyBuckets())
                .register(meters);
        this.refused = notAcknowledged("refused", meters);
        this.unknown = notAcknowledged("unknown", meters);
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 2);
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "booking-gateway");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Event loops send. They must not wait, so the topic's metadata is fetched before the first send and kept.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        properties.put(
                ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(365).toMillis());
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private static Counter notAcknowledged(String why, MeterRegistry meters) {
        return Counter.builder("booking.commands.not.acknowledged")
                .description("Commands that certainly are not in Kafka, or may or may not be")
                .tag("why", why)
                .register(meters);
    }

    /** Starts to connect. Until that is done every command is refused. */
    public static CommandPublisher start(
            KafkaSettings kafka, CommandsTopic commands, String topic, MeterRegistry meters) {
        CommandPublisher publisher = new CommandPublisher(kafka, commands, topic, meters);
        var unused = publisher.connecting.scheduleWithFixedDelay(
                publisher::connect, 0, CONNECT_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return publisher;
    }

    /** Whether commands are taken now. */
    public boolean isTaking() {
        return connected && !silence.isTooLong();
    }

    /**
     * Writes the command. Done when all in-sync replicas have it.
     *
     * @return where it stands in the log; fails with {@link NotPublishedException} when it has certainly not been written
     */
    public CompletionStage<Position> publish(Command command, TraceContext trace) {
        long sentNanos = System.nanoTime();
        CompletionStage<Position> acknowledged = send(command, trace);
        acknowledged.whenComplete((position, failure) -> {
            if (failure == null) {
                lastWritten.merge(position.partition(), position.offset(), Math::max);
                commands.written(position);
                acknowledgements.record(System.nanoTime() - sentNanos, TimeUnit.NANOSECONDS);
            } else {
                (failure instanceof NotPublishedException ? refused : unknown).increment();
            }
        });
        return acknowledged;
    }

    /** The offset of the last command in each partition that has one. */
    Map<Integer, Long> lastWritten() {
        return lastWritten;
    }

    private CompletionStage<Position> send(Command command, TraceContext trace) {
        if (!connected) {
            return CompletableFuture.failedFuture(new NotPublishedException("Kafka has not been reached yet"));
        }
        if (silence.isTooLong()) {
            return CompletableFuture.failedFuture(new NotPublishedException("Kafka does not answer"));
        }
        CompletableFuture<Position> acknowledged = new CompletableFuture<>();
        Thread caller = Thread.currentThread();
        silence.sent();
        try {
            var unused = producer.send(record(command, trace), (metadata, failure) -> {
                silence.heard();
                if (failure == null) {
                    acknowledged.complete(new Position(metadata.partition(), metadata.offset()));
                } else if (Thread.currentThread() == caller) {
                    // A record that was taken is reported by the producer's own thread.
                    acknowledged.completeExceptionally(
                            new NotPublishedException("Kafka's client refused the command", failure));
                } else {
                    acknowledged.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            silence.heard();
            acknowledged.completeExceptionally(new NotPublishedException("Kafka's client refused the command", e));
        }
        return acknowledged;
    }

    /** Waits a moment for what was sent, then stops. */
    @Override
    public void close() {
        connecting.shutdownNow();
        producer.close(Duration.ofSeconds(5));
    }

    private void connect() {
        try {
            // Asked by the admin client first: a producer that asks for a missing topic might have it made.
            commands.ask().toCompletableFuture().join();
            var unused = producer.partitionsFor(topic);
            connected = true;
            connecting.shutdown();
            LOG.info("Connected to topic {}", topic);
        } catch (RuntimeException e) {
            // Asking has begun to fetch the metadata; the next attempt finds it.
            LOG.debug("Not connected to topic {} yet", topic, e);
        }
    }

    private ProducerRecord<String, byte[]> record(Command command, TraceContext trace) {
        Headers headers = CloudEventHeaders.ofCommand(command, SOURCE);
        trace.parent().ifPresent(parent -> headers.add(HeaderNames.TRACE_PARENT, utf8(parent)));
        trace.state().ifPresent(state -> headers.add(HeaderNames.TRACE_STATE, utf8(state)));
        return new ProducerRecord<>(topic, null, command.eventId(), encoder.encode(command), headers);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
