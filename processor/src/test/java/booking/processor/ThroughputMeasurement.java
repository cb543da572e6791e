package booking.processor;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServers;
import booking.embedded.KafkaOptions;
import booking.embedded.PortRequest;
import booking.embedded.PostgresOptions;
import booking.embedded.TemporaryDirectory;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures how many commands a second are decided on one event, with a broker, a durable PostgreSQL, the processor, the
 * sender and a reader of committed results all on this machine. Run it by hand; it asserts nothing.
 *
 * <p>Each round writes its commands while the processor works, and is timed from the first command sent to the last
 * committed result read. Arguments: commands in a round, rounds.
 */
final class ThroughputMeasurement implements AutoCloseable {
    private static final int IN_FLIGHT = 10_000;

    private final TemporaryDirectory directory = TemporaryDirectory.create("booking-throughput-");
    private final EmbeddedServers servers;
    private final ProcessorApplication processor;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> results;

    private ThroughputMeasurement(String locking) {
        servers = EmbeddedServers.start(
                KafkaOptions.in(directory.path().resolve("kafka")).withPort(PortRequest.any()),
                PostgresOptions.in(directory.path().resolve("postgresql")).withPort(PortRequest.any()));
        String bootstrap = servers.kafka().bootstrapServers();
        Map<String, String> environment = new HashMap<>();
        environment.put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", bootstrap);
        environment.put(
                "BOOKING_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + servers.postgres().port() + "/" + EmbeddedPostgres.DATABASE);
        environment.put("BOOKING_PROCESSOR_HEALTH_PORT", "0");
        environment.put("BOOKING_LOCKING", locking);
        Setup.run(SetupSettings.from(environment));
        processor = ProcessorApplication.start(ProcessorSettings.from(environment));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", 5, "batch.size", 131_072),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        results = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed", "max.poll.records", 10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = results.partitionsFor("booking-results").stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        results.assign(partitions);
        results.seekToEnd(partitions);
        partitions.forEach(results::position);
    }

    public static void main(String[] arguments) throws SQLException, InterruptedException {
        int commands = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        String locking = arguments.length > 2 ? arguments[2] : "optimistic";
        try (ThroughputMeasurement measurement = new ThroughputMeasurement(locking)) {
            for (String[] workload : new String[][] {{"one place", "1"}, {"stadium", "2000000000"}}) {
                double[] rates = new double[rounds];
                for (int round = 0; round < rounds; round++) {
                    rates[round] = measurement.round(Integer.parseInt(workload[1]), commands);
                    System.out.printf(
                            Locale.ROOT, "%s, round %d: %,.0f commands/s%n", workload[0], round, rates[round]);
                }
                // The first round warms up.
                double[] warm = Arrays.copyOfRange(rates, Math.min(1, rounds - 1), rounds);
                Arrays.sort(warm);
                System.out.printf(
                        Locale.ROOT,
                        "%s, %s: median %,.0f commands/s (min %,.0f, max %,.0f) over %d rounds of %,d%n",
                        workload[0],
                        locking,
                        warm[warm.length / 2],
                        warm[0],
                        warm[warm.length - 1],
                        warm.length,
                        commands);
            }
        }
    }

    /** One round on a new event; gives commands decided in a second. */
    private double round(int capacity, int commands) throws InterruptedException {
        String event = "event-" + UUID.randomUUID();
        send(event, """
                {"type":"createEvent","commandId":"%s","eventId":"%s","name":"n","date":"2027-05-01T20:00:00Z","venue":"%s","capacity":%d}""".formatted(UUID.randomUUID(), event, event, capacity));
        read(1);
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        Thread sender = new Thread(() -> {
            for (int i = 0; i < commands; i++) {
                inFlight.acquireUninterruptibly();
                send(
                        event,
                        "{\"type\":\"book\",\"commandId\":\"" + UUID.randomUUID() + "\",\"eventId\":\"" + event
                                + "\",\"userId\":\"user-" + i + "\",\"quantity\":1}");
            }
        });
        long start = System.nanoTime();
        sender.start();
        int read = 0;
        while (read < commands) {
            int count = results.poll(Duration.ofMillis(100)).count();
            inFlight.release(count);
            read += count;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        sender.join();
        return commands / seconds;
    }

    private void read(int count) {
        int read = 0;
        while (read < count) {
            read += results.poll(Duration.ofMillis(100)).count();
        }
    }

    private void send(String event, String json) {
        var unused = producer.send(new ProducerRecord<>(
                "booking-commands", event.getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        producer.close();
        results.close();
        processor.close();
        servers.close();
        directory.close();
    }
}
