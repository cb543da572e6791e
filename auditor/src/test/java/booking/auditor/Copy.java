package booking.auditor;

import booking.schemas.topic.HeaderNames;
import booking.schemas.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A system as the auditor sees it, of which a part has been replaced by a copy with a fault in it. */
final class Copy implements AutoCloseable {
    private final TestSystem system;
    private final List<String> newTopics = new ArrayList<>();
    private @Nullable String database;
    private @Nullable KafkaProducer<byte[], byte[]> openTransaction;
    private @Nullable KafkaConsumer<byte[], byte[]> member;
    private AuditSettings settings;

    Copy(TestSystem system) {
        this.system = system;
        this.settings = system.auditSettings();
    }

    AuditSettings settings() {
        return settings;
    }

    String commandsTopic() {
        return system.topics().commands();
    }

    /** Changes a copy of the database whose tables take anything. */
    void tables(String... statements) {
        String copy = system.copyOfDatabase();
        database = copy;
        JdbcClient sql = system.sql(copy);
        sql.sql("""
                DO $$ DECLARE c record; BEGIN
                    FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
                        WHERE conrelid::regclass::text IN ('events', 'bookings', 'waitlist') AND contype <> 'n'
                    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', c.t, c.conname); END LOOP;
                    DROP INDEX bookings_one_place_is_sold_once;
                END $$""").update();
        for (String statement : statements) {
            if (sql.sql(statement).update() == 0) {
                throw new AssertionError("changes nothing: " + statement);
            }
        }
        settings = with(settings, settings.topics(), system.url(copy), settings.group());
    }

    /** Changes a copy of the results. */
    void results(UnaryOperator<List<ProducerRecord<byte[], byte[]>>> change) {
        TopicNames names = settings.topics();
        String copy = rewrite(names.results(), change);
        use(new TopicNames(names.commands(), copy, names.availability(), names.deadLetters()));
    }

    /** Changes a copy of the dead letters. */
    void deadLetters(UnaryOperator<List<ProducerRecord<byte[], byte[]>>> change) {
        TopicNames names = settings.topics();
        String copy = rewrite(names.deadLetters(), change);
        use(new TopicNames(names.commands(), names.results(), names.availability(), copy));
    }

    /** Changes a copy of the availability. */
    void availability(UnaryOperator<List<ProducerRecord<byte[], byte[]>>> change) {
        TopicNames names = settings.topics();
        String copy = rewrite(names.availability(), change);
        use(new TopicNames(names.commands(), names.results(), copy, names.deadLetters()));
    }

    /** Changes each result of this command by its number, from 0, among them. */
    void result(UUID commandId, int number, UnaryOperator<String> change) {
        results(records -> {
            List<ProducerRecord<byte[], byte[]>> ofCommand = resultsOf(commandId, records);
            ProducerRecord<byte[], byte[]> one = ofCommand.get(number);
            String before = text(one);
            String after = change.apply(before);
            if (after.equals(before)) {
                throw new AssertionError("changes nothing: " + before);
            }
            return records.stream()
                    .map(record -> record.equals(one) ? withValue(one, after) : record)
                    .toList();
        });
    }

    static List<ProducerRecord<byte[], byte[]>> resultsOf(
            UUID commandId, List<ProducerRecord<byte[], byte[]>> records) {
        return records.stream()
                .filter(record -> text(record).contains("\"commandId\":\"" + commandId + "\""))
                .toList();
    }

    static String text(ProducerRecord<byte[], byte[]> record) {
        return record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
    }

    static ProducerRecord<byte[], byte[]> withValue(ProducerRecord<byte[], byte[]> record, String value) {
        return new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestamp(),
                record.key(),
                value.getBytes(StandardCharsets.UTF_8),
                record.headers());
    }

    /** The same result as if it were about another record. */
    static ProducerRecord<byte[], byte[]> about(String source, ProducerRecord<byte[], byte[]> record) {
        ProducerRecord<byte[], byte[]> other = withValue(record, text(record));
        other.headers().remove(HeaderNames.SOURCE);
        other.headers().add(HeaderNames.SOURCE, source.getBytes(StandardCharsets.UTF_8));
        return other;
    }

    /** Moves what the group has committed. */
    void committed(LongUnaryOperator change) {
        String group = system.name() + "-" + UUID.randomUUID();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        TestSystem.answered(
                        system.admin().listConsumerGroupOffsets(system.name()).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) ->
                        offsets.put(partition, new OffsetAndMetadata(change.applyAsLong(offset.offset()))));
        TestSystem.answered(
                system.admin().alterConsumerGroupOffsets(group, offsets).all());
        settings = with(settings, settings.topics(), settings.databaseUrl(), group);
    }

    /** Has somebody in a group of its own, with what the group has committed, who decides nothing. */
    void idleMemberOfTheGroup() {
        committed(offset -> offset);
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        system.bootstrapServers(),
                        "group.id",
                        settings.group(),
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        member = consumer;
        consumer.subscribe(List.of(commandsTopic()));
        Awaitility.await("a member of the group").atMost(Duration.ofSeconds(60)).until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
        });
    }

    /** Leaves a transaction open in this topic. */
    void openTransactionIn(String topic) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        system.bootstrapServers(),
                        "transactional.id",
                        "open-" + UUID.randomUUID(),
                        "transaction.timeout.ms",
                        120_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        openTransaction = producer;
        producer.initTransactions();
        producer.beginTransaction();
        TestSystem.answered(producer.send(new ProducerRecord<>(topic, 0, null, new byte[] {'{'})));
    }

    /** The settings of an audit that looks at other topics, another database or another group. */
    static AuditSettings with(AuditSettings settings, TopicNames topics, String databaseUrl, String group) {
        return new AuditSettings(
                settings.kafka(),
                topics,
                databaseUrl,
                settings.databaseUser(),
                settings.databasePassword(),
                group,
                settings.outcomeRetention(),
                settings.patience());
    }

    private void use(TopicNames names) {
        settings = with(settings, names, settings.databaseUrl(), settings.group());
    }

    private String rewrite(String topic, UnaryOperator<List<ProducerRecord<byte[], byte[]>>> change) {
        String copy = "copy-" + UUID.randomUUID();
        TestSystem.answered(system.admin()
                .createTopics(List.of(new NewTopic(copy, TestSystem.PARTITIONS, (short) 1)))
                .all());
        newTopics.add(copy);
        List<ProducerRecord<byte[], byte[]>> records = system.committed(topic).stream()
                .map(record -> new ProducerRecord<>(
                        copy, record.partition(), record.timestamp(), record.key(), record.value(), record.headers()))
                .toList();
        system.sendAll(change.apply(records));
        return copy;
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> open = openTransaction;
        if (open != null) {
            open.abortTransaction();
            open.close();
        }
        KafkaConsumer<byte[], byte[]> consumer = member;
        if (consumer != null) {
            consumer.close();
        }
        if (!newTopics.isEmpty()) {
            TestSystem.answered(system.admin().deleteTopics(newTopics).all());
        }
        if (database != null) {
            system.dropDatabase(database);
        }
    }
}
