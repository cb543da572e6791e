package booking.processor;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServers;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import booking.schemas.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A set of topics of its own on the shared broker, and the shared database, with as many processors as a test starts.
 * Event and command ids must be made up anew by each test, as all tests share the tables.
 */
public final class BookingSystem implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ResultDecoder RESULTS = new ResultDecoder();

    private final EmbeddedServers servers = EmbeddedServers.shared();
    private final TopicNames topics;
    private final Map<String, String> environment = new HashMap<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<ProcessorApplication> processors = new ArrayList<>();

    /** Makes tables and topics. */
    public BookingSystem(Map<String, String> settings) {
        String prefix = "test-" + UUID.randomUUID();
        topics = TopicNames.withPrefix(prefix);
        environment.put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", servers.kafka().bootstrapServers());
        environment.put("BOOKING_TOPICS_PREFIX", prefix);
        environment.put(
                "BOOKING_DATABASE_URL",
                servers.postgres()
                        .jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.APPLICATION)
                        .replaceAll("\\?.*", ""));
        environment.put("BOOKING_PROCESSOR_GROUP", prefix);
        environment.put("BOOKING_PROCESSOR_HEALTH_PORT", "0");
        environment.put("BOOKING_PROCESSOR_SESSION_TIMEOUT", "2s");
        environment.putAll(settings);
        Setup.run(SetupSettings.from(environment));
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers.kafka().bootstrapServers(),
                        ProducerConfig.LINGER_MS_CONFIG,
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** The BOOKING_ variables of its processors. */
    public Map<String, String> environment() {
        return environment;
    }

    public EmbeddedServers servers() {
        return servers;
    }

    public TopicNames topics() {
        return topics;
    }

    public ProcessorApplication startProcessor() {
        ProcessorApplication processor = ProcessorApplication.start(ProcessorSettings.from(environment));
        processors.add(processor);
        return processor;
    }

    public void stop(ProcessorApplication processor) {
        processors.remove(processor);
        processor.close();
    }

    /** Sends a command as JSON, keyed as it should be. */
    public Future<RecordMetadata> send(String eventId, String json) {
        return send(new ProducerRecord<>(topics.commands(), utf8(eventId), utf8(json)));
    }

    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return producer.send(record);
    }

    /** Where a record that was sent has got to. */
    public static RecordMetadata position(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the command did not reach Kafka", e);
        }
    }

    /** Waits until this many results are committed, and gives all there are. */
    public List<Result> results(int count) {
        return committed(topics.results(), records -> records.size() >= count).stream()
                .map(record -> RESULTS.decode(record.value()))
                .toList();
    }

    /** Waits for the result of this command. */
    public Result result(UUID commandId) {
        return resultsOf(commandId, 1).get(0);
    }

    /** Waits for so many results of this command. */
    public List<Result> resultsOf(UUID commandId, int count) {
        return committed(
                        topics.results(),
                        records -> answersOf(commandId, records).size() >= count)
                .stream()
                .map(record -> RESULTS.decode(record.value()))
                .filter(result -> result.commandId().equals(commandId))
                .toList();
    }

    private static List<Result> answersOf(UUID commandId, Collection<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> RESULTS.decode(record.value()))
                .filter(result -> result.commandId().equals(commandId))
                .toList();
    }

    /** Reads the committed records of a topic from its beginning until they are enough, and fails when they never are. */
    public List<ConsumerRecord<byte[], byte[]>> committed(
            String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers.kafka().bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                if (enough.test(records)) {
                    return records;
                }
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("only " + records.size() + " committed records in " + topic + " after "
                            + PATIENCE.toSeconds() + " s");
                }
            }
        }
    }

    /** Connections as this role, one for each use. */
    public DataSource dataSource(String role) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(servers.postgres().jdbcUrl(EmbeddedPostgres.DATABASE, role));
        return dataSource;
    }

    /** Statements as the superuser. */
    public JdbcClient sql() {
        return JdbcClient.create(dataSource(EmbeddedPostgres.SUPERUSER));
    }

    /** The number that a query gives. */
    public long count(String query, Object... parameters) {
        return Objects.requireNonNull(
                sql().sql(query).params(parameters).query(Long.class).single());
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        List.copyOf(processors).forEach(this::stop);
        producer.close();
    }
}
