package booking.benchmark.limit;

import booking.schemas.topic.TopicNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipe without the engine: consume, store, produce, commit. It stores and publishes what the engine has to, and keeps
 * none of its promises: a number in memory stands for the rules, nothing is looked back on, nothing is fenced, and after a
 * crash it would be wrong. What it reaches is what the engine could reach if deciding cost nothing.
 */
public final class LimitApplication implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LimitApplication.class);

    private static final int THREADS = 2;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long COMMIT_NANOS = Duration.ofMillis(100).toNanos();

    private static final String OUTCOMES =
            "COPY outcomes (command_id, fingerprint, decided_at, result) FROM STDIN (FORMAT binary)";
    private static final String BOOKINGS =
            "COPY bookings (id, event_id, user_id, quantity, status, created_at, updated_at,"
                    + " one_place) FROM STDIN (FORMAT binary)";
    private static final String CAPACITIES = "SELECT id, capacity FROM events WHERE id = ANY (?)";
    private static final String COUNT = """
            UPDATE events AS e SET confirmed = e.confirmed + taken.seats, version = e.version + taken.seats
            FROM unnest(?, ?) AS taken (id, seats) WHERE e.id = taken.id
            """;
    private static final byte[] NO_FINGERPRINT = new byte[16];

    private final TopicNames topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Connection connection;

    /** What is known is of this run alone: the heap is no larger than the engine's, which keeps nothing in it. */
    private String run = "";

    private final Map<String, Integer> capacities = new HashMap<>();
    private final Map<String, Integer> taken = new HashMap<>();
    private final Set<UUID> seen = new HashSet<>();
    /** Those who have the one place of an event. */
    private final Set<UUID> owners = new HashSet<>();

    private boolean inTransaction;
    private long lastCommitNanos;

    private LimitApplication(String brokers, TopicNames topics, String group, String jdbcUrl, int number)
            throws SQLException {
        this.topics = topics;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        brokers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        4_000,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        4 * 1024 * 1024),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        brokers,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        group + "-" + number,
                        ProducerConfig.LINGER_MS_CONFIG,
                        100,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024,
                        ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        connection = DriverManager.getConnection(jdbcUrl);
        connection.setAutoCommit(false);
    }

    /**
     * Runs it until the process is told to end.
     *
     * @param arguments the brokers, the prefix of the topics, the JDBC URL
     */
    public static void main(String[] arguments) throws SQLException {
        TopicNames topics = TopicNames.withPrefix(arguments[1]);
        for (int number = 0; number < THREADS; number++) {
            LimitApplication loop =
                    new LimitApplication(arguments[0], topics, arguments[1] + "-limit", arguments[2], number);
            new Thread(loop, "limit-" + number).start();
        }
    }

    @Override
    public void run() {
        try {
            producer.initTransactions();
            consumer.subscribe(List.of(topics.commands()));
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    store(records);
                    boolean caughtUp = records.partitions().stream()
                            .allMatch(
                                    partition -> consumer.currentLag(partition).orElse(0) == 0);
                    if (caughtUp || System.nanoTime() - lastCommitNanos > COMMIT_NANOS) {
                        commit();
                    }
                } else if (inTransaction) {
                    commit();
                }
            }
        } catch (IOException | SQLException | RuntimeException e) {
            LOG.error("The loop ends", e);
            System.exit(1);
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            offsets.put(partition, new OffsetAndMetadata(consumer.position(partition)));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
        inTransaction = false;
        lastCommitNanos = System.nanoTime();
    }

    private void store(ConsumerRecords<byte[], byte[]> records) throws IOException, SQLException {
        Set<String> unknown = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String event = text(record.key());
            if (run.isEmpty() || !event.startsWith(run)) {
                begin(event);
                unknown.clear();
            }
            if (!capacities.containsKey(event)) {
                unknown.add(event);
            }
        }
        if (!unknown.isEmpty()) {
            readCapacities(unknown);
        }
        CopyRows outcomes = new CopyRows();
        CopyRows bookings = new CopyRows();
        Map<String, Integer> more = new HashMap<>();
        if (!inTransaction) {
            producer.beginTransaction();
            inTransaction = true;
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String command = text(record.value());
            String event = text(record.key());
            String type = field(command, "type");
            UUID id = UUID.fromString(field(command, "commandId"));
            boolean takes = type.equals("book") || type.equals("hold");
            int before = taken.getOrDefault(event, 0);
            int capacity = capacities.getOrDefault(event, 0);
            boolean fresh = seen.add(id);
            boolean accepted = !takes || before < capacity;
            if (takes && !fresh) {
                // Asked again: what was answered is the seat it has, or that there is none.
                accepted = owners.contains(id);
            }
            byte[] result = result(record, type, id, event, command, accepted);
            if (fresh) {
                outcomes.row(4)
                        .add(id)
                        .add(NO_FINGERPRINT)
                        .addTime(record.timestamp())
                        .add(result);
                if (takes && accepted) {
                    bookings.row(8)
                            .add(id)
                            .add(event)
                            .add(field(command, "userId"))
                            .add(1)
                            .add("CONFIRMED")
                            .addTime(record.timestamp())
                            .addTime(record.timestamp())
                            .add(capacity == 1);
                    taken.put(event, before + 1);
                    more.merge(event, 1, Integer::sum);
                    if (capacity == 1) {
                        owners.add(id);
                    }
                }
            }
            ProducerRecord<byte[], byte[]> answer = new ProducerRecord<>(topics.results(), record.key(), result);
            addHeaders(answer.headers(), record, type, id);
            var unused = producer.send(answer);
        }
        count(more);
        bookings.copy(connection, BOOKINGS);
        outcomes.copy(connection, OUTCOMES);
        connection.commit();
    }

    /** Forgets the run before: one begins when the one before is answered. */
    private void begin(String event) {
        run = event.substring(0, event.lastIndexOf('-') + 1);
        capacities.clear();
        taken.clear();
        seen.clear();
        owners.clear();
    }

    private void readCapacities(Set<String> events) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(CAPACITIES)) {
            read.setArray(1, connection.createArrayOf("text", events.toArray(String[]::new)));
            try (ResultSet row = read.executeQuery()) {
                while (row.next()) {
                    capacities.put(row.getString(1), row.getInt(2));
                }
            }
        }
    }

    private void count(Map<String, Integer> more) throws SQLException {
        if (more.isEmpty()) {
            return;
        }
        try (PreparedStatement count = connection.prepareStatement(COUNT)) {
            count.setArray(1, connection.createArrayOf("text", more.keySet().toArray(String[]::new)));
            count.setArray(2, connection.createArrayOf("int4", more.values().toArray(Integer[]::new)));
            count.executeUpdate();
        }
    }

    /** As long as the engine's, and with the same fields. */
    private static byte[] result(
            ConsumerRecord<byte[], byte[]> record,
            String type,
            UUID id,
            String event,
            String command,
            boolean accepted) {
        String user = type.equals("confirm") || type.equals("cancel") ? "" : field(command, "userId");
        return ("{\"type\":\"" + type + "\",\"commandId\":\"" + id + "\",\"eventId\":\"" + event + "\",\"outcome\":\""
                        + (accepted
                                ? "ACCEPTED\",\"bookingId\":\"" + id + "\",\"status\":\"CONFIRMED\""
                                : "REJECTED\",\"reason\":\"ALREADY_BOOKED\",\"detail\":\"the event's one place is taken\"")
                        + ",\"userId\":\"" + user
                        + "\",\"quantity\":1,\"event\":{\"version\":12345,\"capacity\":1,\"confirmed\":1,\"held\":0,"
                        + "\"available\":0},\"position\":{\"partition\":" + record.partition() + ",\"offset\":"
                        + record.offset() + "},\"decidedAt\":\"" + Instant.ofEpochMilli(record.timestamp()) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void addHeaders(Headers headers, ConsumerRecord<byte[], byte[]> record, String type, UUID id) {
        headers.add("ce_specversion", utf8("1.0"));
        headers.add("ce_id", utf8(id.toString()));
        headers.add("ce_type", utf8("booking.result." + type));
        headers.add("ce_source", utf8("/" + topics.commands() + "/" + record.partition() + "/" + record.offset()));
        headers.add("ce_time", utf8(Instant.ofEpochMilli(record.timestamp()).toString()));
        headers.add("content-type", utf8("application/json"));
    }

    /** The text of a field, looked for rather than parsed. */
    private static String field(String json, String name) {
        int start = json.indexOf("\"" + name + "\":\"") + name.length() + 4;
        return json.substring(start, json.indexOf('"', start));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
