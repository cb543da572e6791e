package booking.processor;

import booking.embedded.EmbeddedKafka;
import booking.embedded.EmbeddedPostgres;
import booking.embedded.SharedServers;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import booking.schemas.command.Command;
import booking.schemas.command.CommandEncoder;
import booking.schemas.result.Position;
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
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A set of topics of its own on a broker, and a database, with as many processors as a test starts. Unless a test
 * brings its own, the servers are those that all tests share: event and command ids must then be made up anew by each
 * test.
 */
public final class BookingSystem implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ResultDecoder RESULTS = new ResultDecoder();
    private static final CommandEncoder COMMANDS = new CommandEncoder();

    private final UnaryOperator<String> databaseUrl;
    private final TopicNames topics;
    private final Map<String, String> environment = new HashMap<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;
    private final List<ProcessorApplication> processors = new ArrayList<>();

    /** Makes tables and topics on the shared servers. */
    public BookingSystem(Map<String, String> settings) {
        this(
                SharedServers.get().bootstrapServers(),
                role -> SharedServers.get().jdbcUrl(EmbeddedPostgres.DATABASE, role),
                settings);
    }

    /** Makes tables and topics on these servers. */
    public BookingSystem(EmbeddedKafka kafka, EmbeddedPostgres postgres, Map<String, String> settings) {
        this(kafka.bootstrapServers(), role -> postgres.jdbcUrl(EmbeddedPostgres.DATABASE, role), settings);
    }

    private BookingSystem(String bootstrapServers, UnaryOperator<String> databaseUrl, Map<String, String> settings) {
        this.databaseUrl = databaseUrl;
        String prefix = "test-" + UUID.randomUUID();
        topics = TopicNames.withPrefix(prefix);
        environment.put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        environment.put("BOOKING_TOPICS_PREFIX", prefix);
        environment.put(
                "BOOKING_DATABASE_URL",
                databaseUrl.apply(EmbeddedPostgres.APPLICATION).replaceAll("\\?.*", ""));
        environment.put("BOOKING_PROCESSOR_GROUP", prefix);
        environment.put("BOOKING_PROCESSOR_HEALTH_PORT", "0");
        environment.put("BOOKING_PROCESSOR_SESSION_TIMEOUT", "2s");
        environment.putAll(settings);
        Setup.run(SetupSettings.from(environment));
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** The BOOKING_ variables of its processors. */
    public Map<String, String> environment() {
        return environment;
    }

    public TopicNames topics() {
        return topics;
    }

    public Admin admin() {
        return admin;
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

    /** Sends a command. */
    public Future<RecordMetadata> send(Command command) {
        return send(record(command));
    }

    /** Sends commands and waits until all are written; gives their positions. */
    public List<Position> write(Command... commands) {
        return write(List.of(commands));
    }

    /** Sends commands and waits until all are written; gives their positions. */
    public List<Position> write(List<? extends Command> commands) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        commands.forEach(command -> sent.add(send(command)));
        return sent.stream()
                .map(BookingSystem::answered)
                .map(metadata -> new Position(metadata.partition(), metadata.offset()))
                .toList();
    }

    /** A command as the record that it is sent as. */
    public ProducerRecord<byte[], byte[]> record(Command command) {
        return new ProducerRecord<>(topics.commands(), utf8(command.eventId()), COMMANDS.encode(command));
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
        return answered(sent);
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
        return answersOf(
                commandId,
                committed(
                        topics.results(),
                        records -> answersOf(commandId, records).size() >= count));
    }

    private static List<Result> answersOf(UUID commandId, Collection<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> RESULTS.decode(record.value()))
                .filter(result -> result.commandId().equals(commandId))
                .toList();
    }

    /** Waits until the group has committed all there is of the commands. */
    public void awaitAllDecided() {
        Awaitility.await("all commands decided")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(this::isAllDecided);
    }

    /** Whether the group has committed all there is of the commands. */
    public boolean isAllDecided() {
        Map<TopicPartition, OffsetAndMetadata> committed =
                answered(admin.listConsumerGroupOffsets(environment.get("BOOKING_PROCESSOR_GROUP"))
                        .partitionsToOffsetAndMetadata());
        return endOffsets(topics.commands()).entrySet().stream().allMatch(end -> {
            OffsetAndMetadata offset = committed.get(end.getKey());
            return end.getValue() == 0 || (offset != null && offset.offset() >= end.getValue());
        });
    }

    /** What became of each command, when all are decided. */
    public Dispositions dispositions() {
        awaitAllDecided();
        return Dispositions.of(topics.commands(), committed(topics.results()), committed(topics.deadLetters()));
    }

    /** The committed records of a topic, up to now. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        Map<TopicPartition, Long> ends = endOffsets(topic);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumerFromTheBeginning(topic)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("did not reach the end of " + topic);
                }
            }
        }
        return records;
    }

    /** Reads the committed records of a topic from its beginning until they are enough, and fails when they never are. */
    public List<ConsumerRecord<byte[], byte[]>> committed(
            String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumerFromTheBeginning(topic)) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!enough.test(records)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("only " + records.size() + " committed records in " + topic + " after "
                            + PATIENCE.toSeconds() + " s");
                }
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private Map<TopicPartition, Long> endOffsets(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumerFromTheBeginning(topic)) {
            return consumer.endOffsets(consumer.assignment());
        }
    }

    private KafkaConsumer<byte[], byte[]> consumerFromTheBeginning(String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        Objects.requireNonNull(environment.get("BOOKING_KAFKA_BOOTSTRAP_SERVERS")),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    /** Connections as this role, one for each use. */
    public DataSource dataSource(String role) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(databaseUrl.apply(role));
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

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What Kafka answers. */
    public static <T> T answered(Future<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Kafka did not do it", e);
        }
    }

    @Override
    public void close() {
        List.copyOf(processors).forEach(this::stop);
        producer.close(Duration.ofSeconds(5));
        admin.close(Duration.ofSeconds(5));
    }
}
