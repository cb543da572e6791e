package booking.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.TemporaryDirectory;
import booking.schemas.result.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a round notices. */
final class SessionIT {
    private static final int RATE = 100;

    private final TemporaryDirectory directory = TemporaryDirectory.create("booking-session-");
    private final Session session =
            new Session(directory.path(), false, Layout.LOCAL, "optimistic", Duration.ofSeconds(10));

    @BeforeEach
    void awaitReady() throws InterruptedException {
        session.awaitReady();
        assertThat(violations()).as("of a system that nobody tampers with").isEmpty();
    }

    @AfterEach
    void close() {
        session.close();
        directory.close();
    }

    private List<String> violations() throws InterruptedException {
        return session.round(1, 1, Fault.NONE, RATE).violations();
    }

    @Test
    void aSecondAnswerAndAnAnswerThatIsNoResult() throws Exception {
        publishSomeResultAgain();
        UUID command = UUID.randomUUID();
        session.journal().answered(command, new Outcome("ACCEPTED", Optional.of(command), new Position(0, 1)));

        assertThat(violations())
                .anyMatch(violation -> violation.startsWith("I2") && violation.contains("answered twice"))
                .anyMatch(violation -> violation.startsWith("I7") && violation.contains(command.toString()))
                // The audit sees the second answer in the topic, too.
                .anyMatch(violation -> violation.startsWith("audit, ANSWERS VIOLATED"));
        assertThat(violations())
                .as("in the next round, of which the second answer is still a part")
                .noneMatch(violation -> violation.startsWith("I"));
    }

    private void publishSomeResultAgain() throws ExecutionException, InterruptedException {
        Map<String, Object> broker = Map.of(
                "bootstrap.servers",
                session.system().bootstrapServers(),
                "group.id",
                "test",
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<byte[], byte[]> results =
                        new KafkaConsumer<>(broker, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", session.system().bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            results.subscribe(Set.of(session.system().topics().results()));
            Optional<ConsumerRecord<byte[], byte[]>> some = Optional.empty();
            while (some.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : results.poll(Duration.ofMillis(100))) {
                    some = Optional.of(record);
                }
            }
            ConsumerRecord<byte[], byte[]> again = some.get();
            producer.send(new ProducerRecord<>(again.topic(), null, again.key(), again.value(), again.headers()))
                    .get();
        }
    }

    @Test
    void aCommandThatWasAcknowledgedAndIsLost() throws InterruptedException {
        session.journal().acknowledged(0, 1_000_000, System.nanoTime());

        assertThat(violations()).singleElement().asString().startsWith("I6").contains("0-1000000");
    }

    @Test
    void aProcessThatEndedByItself() throws InterruptedException {
        session.system().processor(0).kill();

        assertThat(violations()).singleElement().asString().isEqualTo("processor-0 ended by itself");
    }
}
