package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import booking.processor.store.BookingDatabase;
import booking.processor.stream.CommandsTopic;
import booking.processor.stream.ProgressComparison;
import booking.processor.stream.ProgressKeeper;
import booking.processor.stream.StartChecks;
import booking.schemas.command.Book;
import booking.schemas.command.Command;
import booking.schemas.result.Accepted;
import booking.schemas.result.Rejected;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A processor does not start where it could sell a place twice, or where nobody would hear its answers. */
class StartChecksIT {
    private static final Duration AT_WORK = Duration.ofSeconds(3);

    private final BookingSystem system = new BookingSystem(Map.of("BOOKING_TOPICS_PARTITIONS", "2"));
    private final String event = Commands.newEventId();

    @AfterEach
    void stop() {
        system.close();
    }

    @Test
    void aDatabaseThatLostItsLastCommitsIsRefused() {
        decide(Commands.event(event, 3), Commands.book(event, "alice"), Commands.book(event, "bob"));
        setProgress("next_offset - 1");

        assertThatThrownBy(system::startProcessor)
                .hasMessageContaining("THE DATABASE IS BEHIND KAFKA")
                .hasMessageContaining("has committed offset 3")
                .hasMessageContaining("only up to offset 2")
                .hasMessageContaining("--bootstrap-server "
                        + system.environment().get("BOOKING_KAFKA_BOOTSTRAP_SERVERS") + " --group ")
                .hasMessageContaining("--reset-offsets --to-offset 2")
                .hasMessageContaining(
                        "BOOKING_PROCESSOR_GROUP=" + system.environment().get("BOOKING_PROCESSOR_GROUP") + "-2");
    }

    @Test
    void eachPartitionThatIsBehindIsNamed() {
        Map<Integer, String> events = Stream.generate(Commands::newEventId)
                .limit(64)
                .collect(Collectors.toMap(
                        id -> Utils.toPositive(Utils.murmur2(BookingSystem.utf8(id))) % 2,
                        id -> id,
                        (one, other) -> one));
        decide(events.values().stream()
                .flatMap(id -> Stream.of(Commands.event(id, 3), Commands.book(id, "alice")))
                .toArray(Command[]::new));
        system.sql()
                .sql("UPDATE partition_progress SET next_offset = 1 WHERE topic_id = ?")
                .param(topicId())
                .update();

        assertThatThrownBy(system::startProcessor)
                .hasMessageContaining(
                        "in partition " + system.topics().commands() + "-0 the group has committed offset 2")
                .hasMessageContaining(
                        "in partition " + system.topics().commands() + "-1 the group has committed offset 2")
                .hasMessageContaining("--reset-offsets --to-offset 1 --topic "
                        + system.topics().commands() + ":0")
                .hasMessageContaining("--reset-offsets --to-offset 1 --topic "
                        + system.topics().commands() + ":1");
    }

    @Test
    void anEmptyDatabaseIsRefused() {
        decide(Commands.event(event, 3));
        system.sql()
                .sql("DELETE FROM partition_progress WHERE topic_id = ?")
                .param(topicId())
                .update();

        assertThatThrownBy(system::startProcessor).hasMessageContaining("THE DATABASE IS BEHIND KAFKA");
    }

    @Test
    void aDatabaseThatIsAheadIsNot() {
        decide(Commands.event(event, 3));
        // Decided, and not published when its processor was killed.
        Book alices = Commands.book(event, "alice");
        system.write(alices);
        setProgress("next_offset + 1");

        system.startProcessor();
    }

    @Test
    void aLogThatHasLostWhatTheDatabaseHasDecidedIsRefused() {
        decide(Commands.event(event, 3));
        setProgress("next_offset + 1");

        assertThatThrownBy(system::startProcessor)
                .hasMessageContaining("KAFKA HAS LOST COMMANDS")
                .hasMessageContaining("partition " + partition().partition() + " ends at offset 1")
                .hasMessageContaining("before offset 2");

        commit(3);

        assertThatThrownBy(system::startProcessor)
                .as("when the group had gone on over markers that are lost, too")
                .hasMessageContaining("KAFKA HAS LOST COMMANDS");
    }

    @Test
    void aProcessorThatRunsNoticesThatTheLogHasLostWhatWasDecided() {
        ProcessorApplication processor = system.startProcessor();
        system.write(Commands.event(event, 3));
        system.awaitAllDecided();
        // Where the next command comes, another had stood and was decided.
        setProgress("next_offset + 5");

        system.write(Commands.book(event, "alice"));

        assertThat(processor.failure())
                .failsWithin(BookingSystem.PATIENCE)
                .withThrowableThat()
                .withStackTraceContaining("KAFKA HAS LOST COMMANDS")
                .withStackTraceContaining("ends at offset 2");
    }

    @Test
    void aProcessorThatRunsGoesOnBehindCommandsWhoseOutcomesAreNoLongerKept() {
        Book alices = Commands.book(event, "alice");
        decide(Commands.event(event, 3), alices);
        system.sql()
                .sql("DELETE FROM outcomes WHERE command_id = ?")
                .param(alices.commandId())
                .update();
        commit(0);

        ProcessorApplication processor = system.startProcessor();
        Book bobs = Commands.book(event, "bob");
        system.write(bobs);

        assertThat(system.result(bobs.commandId())).isInstanceOf(Accepted.class);
        assertThat(processor.failure()).isNotDone();
    }

    @Test
    void markersOfTransactionsAreNoLostCommands() {
        decideInTransaction(Commands.event(event, 3), Commands.book(event, "alice"));
        // Two commands, the marker that commits them, one that was aborted, and the marker that says so.
        setProgress("2");

        system.startProcessor();
    }

    @Test
    void commandsBeforeAMarkerAre() {
        decideInTransaction(Commands.event(event, 3), Commands.book(event, "alice"));
        setProgress("1");

        assertThatThrownBy(system::startProcessor).hasMessageContaining("THE DATABASE IS BEHIND KAFKA");
    }

    @Test
    void whenTheCommandsBetweenAreNoLongerKeptTheMessageSaysHowToGoOn() {
        decide(Commands.event(event, 3), Commands.book(event, "alice"));
        setProgress("1");
        deleteBefore(2);

        assertThatThrownBy(system::startProcessor)
                .hasMessageContaining("THE DATABASE IS BEHIND KAFKA")
                .satisfies(refusal -> system.sql().sql(statementIn(refusal)).update());
        system.startProcessor();
        Book bobs = Commands.book(event, "bob");
        system.write(bobs);
        assertThat(system.result(bobs.commandId()).position().offset()).isEqualTo(2);
    }

    @Test
    void whatIsStillKeptOfLostCommandsIsDecidedAgainAndSoNotSoldTwice() {
        Book alices = Commands.book(event, "alice");
        decide(Commands.event(event, 1), Commands.cancel(event, UUID.randomUUID()), alices);
        putBackToBefore(alices);
        deleteBefore(2);

        assertThatThrownBy(system::startProcessor)
                .hasMessageContaining(
                        "what was before offset 2 of partition " + partition().partition())
                .hasMessageContaining("--reset-offsets --to-offset 2")
                .satisfies(refusal -> system.sql().sql(statementIn(refusal)).update());
        assertThatThrownBy(system::startProcessor)
                .as("as long as only the statement was carried out")
                .hasMessageContaining("THE DATABASE IS BEHIND KAFKA");
        commit(2);
        system.startProcessor();
        Book bobs = Commands.book(event, "bob");
        system.write(bobs);
        assertThat(system.result(bobs.commandId())).isInstanceOf(Rejected.class);
    }

    @Test
    void aProcessorThatTakesOverNoticesWhatIsStillKeptOfLostCommands() {
        ProcessorApplication first = system.startProcessor();
        Book alices = Commands.book(event, "alice");
        system.write(Commands.event(event, 1), Commands.cancel(event, UUID.randomUUID()), alices);
        system.awaitAllDecided();
        ProcessorApplication second = system.startProcessor();
        putBackToBefore(alices);
        deleteBefore(2);
        system.stop(first);

        Book bobs = Commands.book(event, "bob");
        system.write(bobs);

        assertThat(second.failure())
                .failsWithin(BookingSystem.PATIENCE)
                .withThrowableThat()
                .withStackTraceContaining("THE DATABASE IS BEHIND KAFKA");
        assertThat(system.count("SELECT count(*) FROM bookings WHERE id = ?", bobs.commandId()))
                .isZero();
    }

    @Test
    void whatIsNoCommandIsPassedWhileItCanBeSeen() {
        decideInTransaction(Commands.event(event, 3), Commands.book(event, "alice"));
        setProgress("2");

        follow();

        deleteBefore(-1);
        Book bobs = Commands.book(event, "bob");
        system.startProcessor();
        system.write(bobs);
        assertThat(system.result(bobs.commandId())).isInstanceOf(Accepted.class);
    }

    @Test
    void whatIsMissingIsNotPassed() {
        decideInTransaction(Commands.event(event, 3), Commands.book(event, "alice"));
        setProgress("1");

        assertThatThrownBy(this::follow).hasMessageContaining("THE DATABASE IS BEHIND KAFKA");

        assertThat(system.count("SELECT next_offset FROM partition_progress WHERE topic_id = ?", topicId()))
                .isEqualTo(1);
    }

    @Test
    void instancesAtWorkDoNotMakeTheDatabaseLookBehind() throws Exception {
        system.startProcessor();
        AtomicBoolean done = new AtomicBoolean();
        // A few at a time, as the offsets are committed after each poll then.
        CompletableFuture<Void> clients = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                system.write(Commands.book(event, "alice"), Commands.book(event, "bob"));
            }
        });
        ProcessorSettings settings = ProcessorSettings.from(system.environment());
        try (BookingDatabase database = new BookingDatabase(settings.database())) {
            long end = System.nanoTime() + AT_WORK.toNanos();
            while (System.nanoTime() < end) {
                // As at a start, which has to find the brokers first.
                try (CommandsTopic topic = new CommandsTopic(settings)) {
                    UUID id = topic.id();
                    ProgressComparison progress = new ProgressComparison(settings, topic, id);
                    new StartChecks(settings, topic, id, database.store(), progress).run();
                }
            }
        } finally {
            done.set(true);
        }
        clients.get();
    }

    @Test
    void aProcessorThatTakesOverFromAnotherNoticesThatTheDatabaseWasPutBackMeanwhile() {
        ProcessorApplication first = system.startProcessor();
        system.write(Commands.event(event, 3), Commands.book(event, "alice"), Commands.book(event, "bob"));
        system.awaitAllDecided();
        ProcessorApplication second = system.startProcessor();
        setProgress("next_offset - 1");
        system.stop(first);

        Book late = Commands.book(event, "carol");
        system.write(late);

        assertThat(second.failure())
                .failsWithin(BookingSystem.PATIENCE)
                .withThrowableThat()
                .withStackTraceContaining("THE DATABASE IS BEHIND KAFKA")
                .withStackTraceContaining("has committed offset 3");
        assertThat(system.count("SELECT count(*) FROM bookings WHERE id = ?", late.commandId()))
                .isZero();
    }

    @Test
    void aProcessorThatTakesOverGoesOnWhenTheLogNoLongerTellsWhatWasBetween() {
        ProcessorApplication first = system.startProcessor();
        system.write(Commands.event(event, 3), Commands.book(event, "alice"));
        system.awaitAllDecided();
        ProcessorApplication second = system.startProcessor();
        // As when a transaction was aborted behind the first, and is deleted by now.
        setProgress("1");
        deleteBefore(2);
        system.stop(first);

        Book late = Commands.book(event, "bob");
        system.write(late);

        assertThat(system.result(late.commandId())).isInstanceOf(Accepted.class);
        assertThat(second.failure()).isNotDone();
    }

    @Test
    void aProcessorThatTakesOverGoesOnBehindMarkersOfTransactions() {
        decideInTransaction(Commands.event(event, 3), Commands.book(event, "alice"));
        setProgress("2");
        system.startProcessor();

        Book late = Commands.book(event, "bob");
        system.write(late);

        assertThat(system.result(late.commandId())).isInstanceOf(Accepted.class);
    }

    @Test
    void aTopicWhoseTimesAreTheSendersIsRefused() {
        ConfigResource topic =
                new ConfigResource(ConfigResource.Type.TOPIC, system.topics().commands());
        BookingSystem.answered(system.admin()
                .incrementalAlterConfigs(Map.of(
                        topic,
                        List.of(new AlterConfigOp(
                                new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime"),
                                AlterConfigOp.OpType.SET))))
                .all());

        // Brokers hear of it a moment later.
        await().atMost(BookingSystem.PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(system::startProcessor)
                        .hasMessageContaining("message.timestamp.type=CreateTime")
                        .hasMessageContaining("set it to LogAppendTime"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"commands", "results", "availability", "commands-dlq"})
    void aMissingTopicIsRefusedWithAHint(String topic) {
        String name = system.topics().commands().replaceAll("commands$", topic);
        BookingSystem.answered(system.admin().deleteTopics(List.of(name)).all());

        await().atMost(BookingSystem.PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(system::startProcessor)
                        .hasMessageContaining("there is no topic " + name)
                        .hasMessageContaining("run the setup step"));
    }

    private void decide(Command... commands) {
        ProcessorApplication processor = system.startProcessor();
        system.write(commands);
        system.awaitAllDecided();
        system.stop(processor);
    }

    private void decideInTransaction(Command... commands) {
        ProcessorApplication processor = system.startProcessor();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        Objects.requireNonNull(system.environment().get("BOOKING_KAFKA_BOOTSTRAP_SERVERS")),
                        "transactional.id",
                        event),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (Command command : commands) {
                BookingSystem.answered(producer.send(system.record(command)));
            }
            producer.commitTransaction();
            producer.beginTransaction();
            BookingSystem.answered(producer.send(system.record(Commands.book(event, "nobody"))));
            producer.abortTransaction();
        }
        system.awaitAllDecided();
        system.stop(processor);
    }

    private void follow() {
        ProcessorSettings settings = ProcessorSettings.from(system.environment());
        try (BookingDatabase database = new BookingDatabase(settings.database());
                CommandsTopic topic = new CommandsTopic(settings);
                ProgressKeeper keeper = new ProgressKeeper(
                        topic,
                        topic.id(),
                        database.transactions(),
                        database.store(),
                        new ProgressComparison(settings, topic, topic.id()))) {
            keeper.follow();
        }
    }

    /** Has the group, whose processors have all been stopped, go on at this offset. */
    private void commit(long offset) {
        BookingSystem.answered(system.admin()
                .alterConsumerGroupOffsets(
                        Objects.requireNonNull(system.environment().get("BOOKING_PROCESSOR_GROUP")),
                        Map.of(partition(), new OffsetAndMetadata(offset)))
                .all());
    }

    private void setProgress(String offset) {
        int changed = system.sql()
                .sql("UPDATE partition_progress SET next_offset = " + offset + " WHERE topic_id = ?")
                .param(topicId())
                .update();
        assertThat(changed).as("partitions that were worked on").isEqualTo(1);
    }

    /** As a backup that was made after the event, and before this booking of it. */
    private void putBackToBefore(Book booking) {
        system.sql()
                .sql("DELETE FROM bookings WHERE id = ?")
                .param(booking.commandId())
                .update();
        system.sql()
                .sql("DELETE FROM outcomes WHERE command_id = ?")
                .param(booking.commandId())
                .update();
        system.sql()
                .sql("UPDATE events SET confirmed = 0, version = 1 WHERE id = ?")
                .param(event)
                .update();
        setProgress("1");
    }

    private void deleteBefore(long offset) {
        BookingSystem.answered(system.admin()
                .deleteRecords(Map.of(partition(), RecordsToDelete.beforeOffset(offset)))
                .all());
    }

    private UUID topicId() {
        String name = system.topics().commands();
        Uuid id = Objects.requireNonNull(BookingSystem.answered(
                                system.admin().describeTopics(List.of(name)).allTopicNames())
                        .get(name))
                .topicId();
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private TopicPartition partition() {
        int partition =
                Math.toIntExact(system.count("SELECT partition FROM partition_progress WHERE topic_id = ?", topicId()));
        return new TopicPartition(system.topics().commands(), partition);
    }

    /** The SQL that a message offers. */
    private static String statementIn(Throwable refusal) {
        return Objects.requireNonNull(refusal.getMessage()).replaceAll("(?s).*(INSERT INTO [^;]*);.*", "$1");
    }
}
