package booking.auditor;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.SharedServers;
import booking.processor.ProcessorApplication;
import booking.processor.ProcessorSettings;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
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
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A system of its own on the shared servers: topics, a database, a group, and a real processor when one is asked for. */
final class TestSystem implements AutoCloseable {
    static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final CommandEncoder COMMANDS = new CommandEncoder();

    private final SharedServers servers = SharedServers.get();
    private final String name = "audited_" + UUID.randomUUID().toString().replace('-', '_');
    private final Map<String, String> environment = new HashMap<>();
    private String topicsPrefix = name;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;

    TestSystem() {
        sql(EmbeddedPostgres.DATABASE)
                .sql("CREATE DATABASE " + name + " OWNER " + EmbeddedPostgres.OWNER)
                .update();
        environment.put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", servers.bootstrapServers());
        environment.put("BOOKING_TOPICS_PREFIX", topicsPrefix);
        environment.put("BOOKING_TOPICS_PARTITIONS", Integer.toString(PARTITIONS));
        environment.put("BOOKING_DATABASE_URL", url(name));
        environment.put("BOOKING_PROCESSOR_GROUP", name);
        environment.put("BOOKING_PROCESSOR_HEALTH_PORT", "0");
        environment.put("BOOKING_PROCESSOR_SESSION_TIMEOUT", "2s");
        Setup.run(SetupSettings.from(environment));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        admin = Admin.create(Map.of("bootstrap.servers", servers.bootstrapServers()));
    }

    String name() {
        return name;
    }

    TopicNames topics() {
        return TopicNames.withPrefix(topicsPrefix);
    }

    /** Goes on with another set of topics, made if it is not there, and the same tables. */
    void goOnWithTopics(String prefix) {
        topicsPrefix = prefix;
        environment.put("BOOKING_TOPICS_PREFIX", prefix);
        Setup.run(SetupSettings.from(environment));
    }

    Admin admin() {
        return admin;
    }

    String bootstrapServers() {
        return servers.bootstrapServers();
    }

    String url(String database) {
        return servers.jdbcUrl(database, EmbeddedPostgres.READER).replaceAll("\\?.*", "");
    }

    ProcessorApplication startProcessor() {
        return ProcessorApplication.start(ProcessorSettings.from(environment));
    }

    /** As the audit of this system is told, not very patient. */
    AuditSettings auditSettings() {
        return auditSettings(Duration.ofDays(7), Duration.ofSeconds(3));
    }

    /** As the audit of this system is told, with processors that keep outcomes so long at least, and so much patience. */
    AuditSettings auditSettings(Duration outcomeRetention, Duration patience) {
        AuditSettings settings = AuditSettings.from(Map.of(
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                bootstrapServers(),
                "BOOKING_TOPICS_PREFIX",
                topicsPrefix,
                "BOOKING_DATABASE_URL",
                url(name),
                "BOOKING_PROCESSOR_GROUP",
                name));
        return new AuditSettings(
                settings.kafka(),
                settings.topics(),
                settings.databaseUrl(),
                settings.databaseUser(),
                Optional.empty(),
                settings.group(),
                outcomeRetention,
                patience);
    }

    /** Statements as the superuser. */
    JdbcClient sql(String database) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(servers.jdbcUrl(database, EmbeddedPostgres.SUPERUSER));
        return JdbcClient.create(dataSource);
    }

    /** A copy of its database; nobody may be using it. */
    String copyOfDatabase() {
        String copy = "copy_" + UUID.randomUUID().toString().replace('-', '_');
        sql(EmbeddedPostgres.DATABASE)
                .sql("CREATE DATABASE " + copy + " TEMPLATE " + name)
                .update();
        return copy;
    }

    void dropDatabase(String database) {
        sql(EmbeddedPostgres.DATABASE)
                .sql("DROP DATABASE " + database + " WITH (FORCE)")
                .update();
    }

    void send(Command command) {
        send(command.eventId(), COMMANDS.encode(command));
    }

    /** Writes this value and waits until it is written. */
    RecordMetadata send(@Nullable String key, byte @Nullable [] value) {
        return send(new ProducerRecord<>(
                topics().commands(), key == null ? null : key.getBytes(StandardCharsets.UTF_8), value));
    }

    RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
        return answered(producer.send(record));
    }

    /** Writes all of them in this order. */
    void sendAll(List<ProducerRecord<byte[], byte[]>> records) {
        records.stream().map(producer::send).toList().forEach(TestSystem::answered);
    }

    /** All committed records of a topic. */
    List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (LogReader reader = new LogReader(auditSettings())) {
            List<TopicPartition> partitions = reader.partitions(topic);
            reader.start(reader.beginnings(partitions));
            reader.readTo(reader.ends(partitions), records::add);
        }
        return records;
    }

    /** Lets a processor work until nothing is left to be done, and stops it. */
    void runUntilAllIsDone() {
        do {
            try (ProcessorApplication processor = startProcessor()) {
                Awaitility.await("all commands decided, all holds ended, all offers made")
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> processor.isReady() && isAllDecided() && count("""
                                SELECT count(*) FROM bookings
                                WHERE status = 'HELD' AND hold_expires_at < now() + interval '30 seconds'""") == 0);
            }
            // What follows from the last command may just have been written.
        } while (!isAllDecided());
    }

    private long count(String query) {
        return Objects.requireNonNull(sql(name).sql(query).query(Long.class).single());
    }

    private boolean isAllDecided() {
        Map<TopicPartition, OffsetAndMetadata> committed =
                answered(admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata());
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            latest.put(new TopicPartition(topics().commands(), partition), OffsetSpec.latest());
        }
        return answered(admin.listOffsets(latest).all()).entrySet().stream().allMatch(end -> {
            OffsetAndMetadata offset = committed.get(end.getKey());
            return end.getValue().offset() == 0
                    || (offset != null && offset.offset() >= end.getValue().offset());
        });
    }

    static <T> T answered(Future<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Kafka did not do it", e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        admin.close(Duration.ofSeconds(5));
        dropDatabase(name);
    }
}
