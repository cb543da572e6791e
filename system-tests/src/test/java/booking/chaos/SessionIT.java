package booking.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import booking.embedded.TemporaryDirectory;
import booking.schemas.command.Book;
import booking.schemas.result.Position;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/** What a round notices: on one system, each time through clients of their own. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class SessionIT {
    private static final int RATE = 100;
    private static final String LOCKING = "optimistic";
    private static final Patience PATIENCE = new Patience(Patience.PROMISED.recovery(), Duration.ofSeconds(10));

    /** For what is never to come. */
    private static final Patience IMPATIENCE = new Patience(Duration.ofSeconds(3), Duration.ofSeconds(3));

    private final TemporaryDirectory directory = TemporaryDirectory.create("booking-session-");
    private final SystemUnderTest system = new SystemUnderTest(directory.path(), false, Layout.LOCAL, LOCKING);
    private int rounds;

    @AfterAll
    void end() {
        system.close();
        directory.close();
    }

    @BeforeEach
    void startAgain() {
        system.startMissingProcessors();
    }

    private Session session(Patience patience) throws InterruptedException {
        Session session = new Session(system, LOCKING, patience);
        session.awaitReady();
        return session;
    }

    private Round round(Session session, Fault fault) throws InterruptedException {
        rounds++;
        return session.round(rounds, rounds, fault, RATE);
    }

    /** An audit would wait for what is never decided. */
    private Round unauditedRound(Session session, Fault fault) throws InterruptedException {
        rounds++;
        return session.unauditedRound(rounds, rounds, fault, RATE);
    }

    @Test
    @Order(1)
    void aCommandThatIsLostAndAProcessThatEndedByItselfAndNothingElse() throws Exception {
        try (Session session = session(PATIENCE)) {
            // Of a partition that is not there: in one that is, it would stand behind all that follows.
            session.journal().acknowledged(99, 0, System.nanoTime());
            system.processor(0).kill();
            Files.writeString(
                    directory.path().resolve("processor-0.log"),
                    "its last word\n" + "\tat somewhere\n".repeat(100),
                    StandardOpenOption.APPEND);

            Round round = round(session, Fault.NONE);

            assertThat(round.violations())
                    .hasSize(2)
                    .contains("I6: 1 acknowledged commands have no answer: 99-0")
                    .anySatisfy(violation -> assertThat(violation)
                            .startsWith("processor-0 ended by itself with exit code 137; its log ends:\n")
                            .contains("its last word\n\tat somewhere\n"));
            assertThat(round.effect().isHit()).isTrue();
            assertThat(round.recovery()).isPresent();
            assertThat(round.acknowledged()).isPositive();
            assertThat(round.failed()).isZero();
        }
    }

    @Test
    @Order(2)
    void aProcessThatEndedBeforeAFaultCouldEndIt() throws InterruptedException {
        try (Session session = session(IMPATIENCE)) {
            system.processor(0).kill();

            Round round = unauditedRound(session, Fault.KILL_ALL_PROCESSORS);

            assertThat(round.violations())
                    .anyMatch(violation -> violation.startsWith("processor-0 ended by itself"))
                    .noneMatch(violation -> violation.startsWith("processor-1 ended by itself"));
            assertThat(round.effect()).isEqualTo(Effect.missed("1 of 2 were ended while they ran"));
        }
    }

    @Test
    @Order(3)
    void aServerThatEndedByItselfThoughAFaultStartsItAgain() throws InterruptedException {
        end(system.brokers().broker(0).process());
        end(system.databases().primary().process());

        assertThat(happen(Fault.KILL_BROKER)).isEqualTo(Effect.missed("0 of 1 were ended while they ran"));
        assertThat(happen(Fault.KILL_POSTGRES)).isEqualTo(Effect.missed("0 of 1 were ended while they ran"));
        assertThat(system.takeEnded())
                .extracting(ProcessWatch.Ended::told)
                .containsExactlyInAnyOrder("kafka-1 ended by itself", "postgresql-1 ended by itself");
    }

    private Effect happen(Fault fault) throws InterruptedException {
        return fault.happen(system, new Random(1));
    }

    private static void end(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Test
    @Order(4)
    void aLoadThatBreaksOff() {
        Journal journal = new Journal();
        KafkaClients kafka =
                new KafkaClients(system.bootstrapServers(), system.topics().commands(), journal);
        kafka.close();
        try (HttpClients http = new HttpClients(system.gatewayUrl(), journal)) {
            Load load = new Load(new Workload(1, "load"), 1, kafka, http, RATE);
            load.start();

            assertThatIllegalStateException().isThrownBy(load::close).withMessageContaining("the load broke off");
        }
    }

    @Test
    @Order(5)
    void thatWhatHttpTookIsNotDecidedAndThatNothingRecovers() throws InterruptedException {
        try (Session session = session(IMPATIENCE)) {
            killProcessors();
            takeOverHttp(session);
            system.killGateway();

            // No session of a processor is there to be ended.
            Round round = unauditedRound(session, Fault.END_DATABASE_SESSIONS);
            system.startGateway();

            assertThat(round.violations())
                    .anySatisfy(violation -> assertThat(violation).startsWith("I6"))
                    .anySatisfy(
                            violation -> assertThat(violation).startsWith("I11").contains("answered none"))
                    .contains("I11: the gateway was not ready within 3 s");
            assertThat(round.recovery()).isEmpty();
            assertThat(round.effect()).isEqualTo(Effect.missed("0 sessions were ended"));
        }
    }

    /** Asks for something that is answered 202, which is noted like what Kafka acknowledges. */
    private static void takeOverHttp(Session session) {
        long before = session.journal().acknowledgements();
        session.http().ask(new Book(UUID.randomUUID(), "first-0", "alice", 1, OptionalLong.empty()));
        await("202").atMost(Duration.ofMinutes(1)).until(() -> session.journal().acknowledgements() == before + 1);
    }

    private void killProcessors() {
        for (int i = 0; i < SystemUnderTest.PROCESSORS; i++) {
            system.killProcessor(i);
        }
        // Until the database has noticed.
        await("no sessions")
                .atMost(Duration.ofMinutes(1))
                .until(() ->
                        new ProcessorSessions(system.superuserUrl()).backends().isEmpty());
    }

    /** The last one: what it publishes stays in the topic. */
    @Test
    @Order(6)
    void aSecondAnswerAndAnswersThatAreNoResults() throws Exception {
        try (Session session = session(PATIENCE)) {
            publishSomeResultAgain();
            UUID command = UUID.randomUUID();
            session.journal().answered(command, new Outcome("ACCEPTED", Optional.of(command), new Position(0, 1)));
            UUID lost = UUID.randomUUID();
            // Where something else stands.
            session.journal().taken(lost, 0, 0, System.nanoTime());

            assertThat(round(session, Fault.NONE).violations())
                    .contains("I7: HTTP answered " + lost + " with 202, and it has no result")
                    .anyMatch(violation -> violation.startsWith("I2") && violation.contains("answered twice"))
                    .anyMatch(violation -> violation.startsWith("I7") && violation.contains(command.toString()))
                    // The audit sees the second answer in the topic, too.
                    .anyMatch(violation -> violation.startsWith("audit, ANSWERS VIOLATED"));
            assertThat(round(session, Fault.NONE).violations())
                    .as("in the next round, of which the second answer is still a part")
                    .noneMatch(violation -> violation.startsWith("I"));
        }
    }

    private void publishSomeResultAgain() throws ExecutionException, InterruptedException {
        Map<String, Object> broker = Map.of(
                "bootstrap.servers", system.bootstrapServers(), "group.id", "test", "auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> results =
                        new KafkaConsumer<>(broker, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", system.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            results.subscribe(Set.of(system.topics().results()));
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
}
