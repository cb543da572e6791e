package booking.benchmark.stream;

import booking.benchmark.tables.Locking;
import booking.benchmark.tables.Outcome;
import booking.benchmark.tables.PlainPool;
import booking.benchmark.tables.PlainTables;
import booking.benchmark.tables.PlainTables.Seats;
import booking.schemas.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands to results with Kafka Streams, exactly once, where each command is a database transaction of its own. */
public final class RecordAtATimeApplication {
    private static final int THREADS = 2;

    private RecordAtATimeApplication() {}

    /**
     * Runs it until the process is told to end.
     *
     * @param arguments the brokers, the prefix of the topics, the JDBC URL
     */
    public static void main(String[] arguments) {
        TopicNames topics = TopicNames.withPrefix(arguments[1]);
        PlainPool pool = new PlainPool(arguments[2], THREADS);
        Topology topology = new Topology()
                .addSource("commands", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.commands())
                .addProcessor("desk", () -> new Desk(pool), "commands")
                .addSink("results", topics.results(), new ByteArraySerializer(), new ByteArraySerializer(), "desk");
        Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[1] + "-record-at-a-time");
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, THREADS);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
        KafkaStreams streams = new KafkaStreams(topology, properties);
        streams.start();
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close, "shutdown"));
    }

    private static final class Desk extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        private static final JsonMapper JSON = new JsonMapper();
        private static final PlainTables TABLES = new PlainTables(Locking.CONDITIONAL);

        private final PlainPool pool;

        Desk(PlainPool pool) {
            this.pool = pool;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            JsonNode command = JSON.readTree(record.value());
            Outcome outcome = decide(command);
            boolean accepted = outcome == Outcome.ACCEPTED;
            String result = "{\"type\":\"" + text(command, "type") + "\",\"commandId\":\"" + text(command, "commandId")
                    + "\",\"eventId\":\"" + text(command, "eventId") + "\",\"outcome\":\""
                    + (accepted ? "ACCEPTED\"}" : "REJECTED\",\"reason\":\"" + outcome + "\"}");
            context().forward(record.withValue(result.getBytes(StandardCharsets.UTF_8)));
        }

        private Outcome decide(JsonNode command) {
            String eventId = text(command, "eventId");
            try (Connection connection = pool.connection()) {
                return switch (text(command, "type")) {
                    case "confirm" -> TABLES.confirm(connection, eventId, UUID.fromString(text(command, "bookingId")));
                    case "cancel" -> TABLES.cancel(connection, eventId, UUID.fromString(text(command, "bookingId")));
                    case "joinWaitlist" -> TABLES.joinLine(connection, seats(command));
                    default -> TABLES.take(connection, seats(command));
                };
            } catch (SQLException e) {
                // The thread ends, and the command comes again.
                throw new IllegalStateException(e);
            }
        }

        private static Seats seats(JsonNode command) {
            return new Seats(
                    UUID.fromString(text(command, "commandId")),
                    text(command, "eventId"),
                    text(command, "userId"),
                    command.path("quantity").asInt(1),
                    command.path("holdSeconds").asInt(0));
        }

        private static String text(JsonNode command, String field) {
            return command.path(field).stringValue();
        }
    }
}
