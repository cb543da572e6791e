package booking.standalone.audit;

import booking.configuration.DatabaseSettings;
import booking.configuration.KafkaSettings;
import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServers;
import booking.processor.ProcessorApplication;
import booking.processor.ProcessorSettings;
import booking.processor.desk.CommandBatch;
import booking.processor.desk.Desk;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import booking.processor.store.BookingDatabase;
import booking.processor.store.Locking;
import booking.schemas.command.Command;
import booking.schemas.command.CommandEncoder;
import booking.schemas.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Topics and a database of its own on the shared servers, whose commands are decided by a processor or by hand. */
final class RecordedSystem implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String EMPTY = "template0";
    private static final CommandEncoder COMMANDS = new CommandEncoder();

    private final EmbeddedServers servers = EmbeddedServers.shared();
    private final String database = newDatabase(EMPTY);
    private final Map<String, String> environment = new HashMap<>();
    private final TopicNames topics;
    private final KafkaProducer<byte[], byte[]> producer;

    RecordedSystem(int partitions) {
        String prefix = "replay-" + UUID.randomUUID();
        topics = TopicNames.withPrefix(prefix);
        environment.put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", servers.kafka().bootstrapServers());
        environment.put("BOOKING_TOPICS_PREFIX", prefix);
        environment.put("BOOKING_TOPICS_PARTITIONS", Integer.toString(partitions));
        environment.put("BOOKING_DATABASE_URL", url(database));
        environment.put("BOOKING_PROCESSOR_GROUP", prefix);
        environment.put("BOOKING_PROCESSOR_HEALTH_PORT", "0");
        environment.put("BOOKING_WAITLIST_OFFER", "1s");
        Setup.run(SetupSettings.from(environment));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.kafka().bootstrapServers(), "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    ProcessorApplication startProcessor() {
        return ProcessorApplication.start(ProcessorSettings.from(environment));
    }

    Future<RecordMetadata> send(Command command) {
        return send(command.eventId(), COMMANDS.encode(command));
    }

    Future<RecordMetadata> send(String key, byte[] value) {
        return producer.send(new ProducerRecord<>(topics.commands(), utf8(key), value));
    }

    /** Sends a command to a partition of its sender's choice, and waits until it is written. */
    void sendTo(int partition, Command command) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(
                        topics.commands(), partition, utf8(command.eventId()), COMMANDS.encode(command)))
                .get();
    }

    /** Waits until all commands that were sent so far are decided. */
    void awaitAllDecided(List<Future<RecordMetadata>> sent) throws ExecutionException, InterruptedException {
        Map<Integer, Long> ends = new HashMap<>();
        for (Future<RecordMetadata> acknowledgement : sent) {
            RecordMetadata at = acknowledgement.get();
            ends.merge(at.partition(), at.offset() + 1, Math::max);
        }
        Awaitility.await("all decided")
                .atMost(PATIENCE)
                .until(() -> ends.entrySet().stream()
                        .allMatch(end -> count(
                                        "SELECT coalesce(max(next_offset), 0) FROM partition_progress WHERE partition = ?",
                                        end.getKey())
                                >= end.getValue()));
    }

    /** Decides all commands without a processor, one partition after the other in this order. */
    void decideByHand(int... partitions) {
        UUID topicId = ReplayedTopic.of(kafka(), topics.commands()).id();
        try (BookingDatabase tables = new BookingDatabase(settings(database, EmbeddedPostgres.APPLICATION))) {
            Desk desk = new Desk(tables.transactions(), tables.store(), Locking.OPTIMISTIC, topicId, PATIENCE);
            for (int partition : partitions) {
                List<ConsumerRecord<byte[], byte[]>> records = records(partition);
                desk.decide(List.of(new CommandBatch(partition, records, records.size())));
            }
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> records(int partition) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        TopicPartition from = new TopicPartition(topics.commands(), partition);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                kafka().clientProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(from));
            consumer.seek(from, 0);
            long end = Objects.requireNonNull(consumer.endOffsets(List.of(from)).get(from));
            Awaitility.await("all read").atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return consumer.position(from) >= end;
            });
        }
        return records;
    }

    /** Deletes the first command of a partition, as Kafka does with old ones. */
    void deleteFirst(int partition) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka().clientProperties())) {
            admin.deleteRecords(
                            Map.of(new TopicPartition(topics.commands(), partition), RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
        }
    }

    long count(String query, Object... parameters) {
        return Objects.requireNonNull(
                JdbcClient.create(new DriverManagerDataSource(url(database) + "?user=" + EmbeddedPostgres.SUPERUSER))
                        .sql(query)
                        .params(parameters)
                        .query(Long.class)
                        .single());
    }

    /** A copy of its database, which nobody may be connected to. */
    String copy() {
        return newDatabase(database);
    }

    /** Alters a database as somebody would who has every right, and gives the key that the statement returns. */
    String alter(String databaseName, String sql) {
        return JdbcClient.create(new DriverManagerDataSource(url(databaseName) + "?user=" + EmbeddedPostgres.SUPERUSER))
                .sql(sql)
                .query(String.class)
                .single();
    }

    /** Replays, into an empty database, and compares with this one. */
    ReplayReport replay(String databaseName) {
        DatabaseSettings empty = settings(newDatabase(EMPTY), EmbeddedPostgres.OWNER);
        return replay(databaseName, Optional.of(empty));
    }

    /** Replays, and compares with its own database. */
    ReplayReport replay() {
        return replay(database);
    }

    ReplayReport replay(String databaseName, Optional<DatabaseSettings> scratch) {
        return Replay.run(new ReplaySettings(
                kafka(),
                topics.commands(),
                settings(databaseName, EmbeddedPostgres.READER),
                scratch,
                Duration.ofDays(7)));
    }

    String database() {
        return database;
    }

    /** What {@code audit} is told to find this system. */
    List<String> auditOptions() {
        return List.of(
                "--bootstrap",
                servers.kafka().bootstrapServers(),
                "--database",
                url(database),
                "--topics",
                Objects.requireNonNull(environment.get("BOOKING_TOPICS_PREFIX")),
                "--group",
                Objects.requireNonNull(environment.get("BOOKING_PROCESSOR_GROUP")));
    }

    DatabaseSettings settings(String databaseName, String user) {
        return new DatabaseSettings(url(databaseName), user, Optional.empty(), 4);
    }

    private KafkaSettings kafka() {
        return new KafkaSettings(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()));
    }

    private String newDatabase(String template) {
        String name = "replay-" + UUID.randomUUID();
        JdbcClient.create(new DriverManagerDataSource(
                        servers.postgres().jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER)))
                .sql("CREATE DATABASE \"" + name + "\" OWNER " + EmbeddedPostgres.OWNER + " TEMPLATE \"" + template
                        + "\"")
                .update();
        return name;
    }

    private String url(String databaseName) {
        return "jdbc:postgresql://127.0.0.1:" + servers.postgres().port() + "/" + databaseName;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
