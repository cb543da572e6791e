package booking.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.ProcessorApplication;
import booking.schemas.command.Book;
import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.Hold;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is no longer kept is neither a pass nor a violation, and it is told what it is. */
class PartsMissingIT {
    private static final Instant DATE = Instant.parse("2030-05-01T20:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Book ALICES = book("alice");
    private static final Book BOBS = book("bob");

    private final TestSystem system = new TestSystem();

    @BeforeEach
    void makeHistory() {
        system.send(new CreateEvent(
                UUID.randomUUID(),
                "event",
                "Event",
                DATE,
                "hall",
                10,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        system.send(ALICES);
        system.runUntilAllIsDone();
    }

    @AfterEach
    void close() {
        system.close();
    }

    @Test
    void commandsThatAreNoLongerKeptLeaveTablesAndOrderUnknown() {
        deleteAllUpToNow(system.topics().commands());
        system.send(BOBS);
        system.runUntilAllIsDone();

        AuditReport report = audit(system.auditSettings());

        Reports.requireUnknown(report, "the first commands are no longer kept: ", Promise.TABLES, Promise.ORDER);

        requireThatTablesAreComparedWithWhatIsLeft();
        requireThatABookingAfterTablesWereSetBackIsFound();

        publishAgain(system.topics().results(), BOBS.commandId());

        AuditReport violated = audit(system.auditSettings());
        assertThat(violated.of(Promise.ANSWERS).verdict())
                .as(ReportText.of(violated))
                .isEqualTo(Verdict.VIOLATED);
        assertThat(violated.exitCode()).isEqualTo(1);
    }

    private void requireThatTablesAreComparedWithWhatIsLeft() {
        try (Copy copy = new Copy(system)) {
            copy.tables(
                    "UPDATE outcomes SET result = replace(result, 'CONFIRMED', 'CANCELLED')",
                    "UPDATE events SET version = version - 1");

            AuditReport report = audit(copy.settings());

            List<Offender> offenders = report.of(Promise.TABLES).offenders();
            assertThat(offenders)
                    .as(ReportText.of(report))
                    .extracting(Offender::commandId)
                    .contains(Optional.of(ALICES.commandId()), Optional.of(BOBS.commandId()));
            assertThat(offenders)
                    .extracting(Offender::expected)
                    .contains("event event as its last result says: version 3, capacity 10, confirmed 2, held 0");
        }
        try (Copy copy = new Copy(system)) {
            copy.tables("INSERT INTO outcomes SELECT gen_random_uuid(), fingerprint, decided_at, result FROM outcomes"
                    + " WHERE command_id = '" + BOBS.commandId() + "'");

            AuditReport report = audit(copy.settings());

            assertThat(report.of(Promise.TABLES).offenders())
                    .as(ReportText.of(report))
                    .singleElement()
                    .satisfies(offender -> assertThat(offender.expected()).startsWith("no outcome"));
        }
    }

    /** Bob got the version, and the seats, that Alice had got; her command is gone, and the tables know of Bob alone. */
    private void requireThatABookingAfterTablesWereSetBackIsFound() {
        try (Copy copy = new Copy(system)) {
            copy.result(
                    BOBS.commandId(),
                    0,
                    text -> text.replace(
                            "\"version\":3,\"capacity\":10,\"confirmed\":2,\"held\":0,\"available\":8",
                            "\"version\":2,\"capacity\":10,\"confirmed\":1,\"held\":0,\"available\":9"));

            AuditReport report = audit(copy.settings());

            assertThat(report.of(Promise.SEATS).offenders())
                    .as(ReportText.of(report))
                    .singleElement()
                    .satisfies(offender -> assertThat(offender.commandId()).contains(BOBS.commandId()));
        }
    }

    @Test
    void commandsThatAreDeletedWhileTheyAreReadAreUnknown() {
        AuditReport report = auditWhile(() -> deleteAllUpToNow(system.topics().commands()));

        requireCutShort(report);
    }

    @Test
    void resultsThatAreDeletedWhileTheyAreReadAreUnknown() {
        AuditReport report = auditWhile(() -> deleteAllUpToNow(system.topics().results()));

        requireCutShort(report);
    }

    private static void requireCutShort(AuditReport report) {
        Reports.requireUnknown(
                report,
                "what is next to be read was deleted meanwhile",
                Promise.SEATS,
                Promise.ANSWERS,
                Promise.REPEATS,
                Promise.TABLES,
                Promise.ORDER);
    }

    /** Audits, and does this once it is known where the results begin and before they are read. */
    private AuditReport auditWhile(Runnable meanwhile) {
        AtomicBoolean done = new AtomicBoolean();
        return Audit.run(system.auditSettings(), step -> {
            if (step.startsWith("reading results") && done.compareAndSet(false, true)) {
                meanwhile.run();
            }
        });
    }

    @Test
    void aRepetitionWhoseFirstResultIsNoLongerKeptIsNoViolation() {
        deleteAllUpToNow(system.topics().results());
        system.send(ALICES);
        system.send(ALICES);
        system.runUntilAllIsDone();

        AuditReport report = audit(system.auditSettings());

        Reports.requireUnknown(
                report,
                "the first results or dead letters are no longer kept",
                Promise.ANSWERS,
                Promise.REPEATS,
                Promise.TABLES,
                Promise.ORDER);
    }

    @Test
    void aCommandWhoseOutcomeIsNoLongerKeptIsDecidedAnewWhenItComesAgain() {
        system.send(ALICES);
        system.runUntilAllIsDone();
        keepCommandsNoLonger();
        removeOutcomeOf(ALICES);
        // The first two partitions are looked at before the one with the event.
        String elsewhere = eventOfTheFirstPartition();
        system.send(new CreateEvent(
                ALICES.commandId(),
                elsewhere,
                "Elsewhere",
                DATE,
                "elsewhere",
                1,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        system.runUntilAllIsDone();

        AuditReport report = audit(system.auditSettings(Duration.ofMillis(1), PATIENCE));

        assertThat(report.verdict()).as(ReportText.of(report)).isEqualTo(Verdict.HOLDS);
        assertThat(report.exitCode()).isZero();
        assertThat(ReportText.of(report))
                .contains("1 repetitions")
                .contains("1 ids decided anew, as their outcomes were no longer kept");

        removeOutcomeOf(ALICES);
        system.send(ALICES);
        system.send(ALICES);
        system.runUntilAllIsDone();

        AuditReport again = audit(system.auditSettings(Duration.ofMillis(1), PATIENCE));

        assertThat(again.verdict()).as(ReportText.of(again)).isEqualTo(Verdict.HOLDS);
        assertThat(ReportText.of(again))
                .contains("2 repetitions")
                .contains("2 ids decided anew, as their outcomes were no longer kept");

        AuditReport tooEarly = audit(system.auditSettings(Duration.ofDays(7), PATIENCE));

        assertThat(tooEarly.of(Promise.REPEATS).verdict())
                .as(ReportText.of(tooEarly))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void whatWasDecidedAndDeletedBeforeAnotherGroupCameDoesNotHang() {
        deleteAllUpToNow(system.topics().commands());
        String group = system.name() + "-2";
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int partition = 0; partition < TestSystem.PARTITIONS; partition++) {
            // As one that was told of no command.
            offsets.put(new TopicPartition(system.topics().commands(), partition), new OffsetAndMetadata(0));
        }
        TestSystem.answered(
                system.admin().alterConsumerGroupOffsets(group, offsets).all());
        AuditSettings settings = system.auditSettings();

        AuditReport report = audit(Copy.with(settings, settings.topics(), settings.databaseUrl(), group));

        Reports.requireUnknown(report, "the first commands are no longer kept: ", Promise.TABLES, Promise.ORDER);
    }

    @Test
    void whatIsDecidedFromOneSetOfTopicsIsNoFaultOfTheOther() {
        String old = system.name();
        String next = old + "-next";
        system.goOnWithTopics(next);
        system.send(BOBS);
        // In the old topics, too, hers was the second in this partition.
        system.send(ALICES);
        system.runUntilAllIsDone();
        requireThatOnlyTablesAndOrderAreUnknown();

        system.goOnWithTopics(old);
        requireThatOnlyTablesAndOrderAreUnknown();
        system.send(book("carol"));
        system.runUntilAllIsDone();
        requireThatOnlyTablesAndOrderAreUnknown();

        system.goOnWithTopics(next);
        deleteAllUpToNow(system.topics().commands());
        requireThatOnlyTablesAndOrderAreUnknown();
    }

    private void requireThatOnlyTablesAndOrderAreUnknown() {
        Reports.requireUnknown(
                audit(system.auditSettings()),
                "the tables also hold what was decided from another topic than this one",
                Promise.TABLES,
                Promise.ORDER);
    }

    @Test
    void aHoldThatIsEndedOnceAProcessorIsBackDoesNotHang() {
        Hold hold = new Hold(UUID.randomUUID(), "event", "hal", 1, 600, Optional.empty(), OptionalLong.empty());
        system.send(hold);
        system.runUntilAllIsDone();
        int changed = system.sql(system.name())
                .sql("UPDATE bookings SET hold_expires_at = now() - interval '5 minutes' WHERE id = ?")
                .param(hold.commandId())
                .update();
        assertThat(changed).isEqualTo(1);
        List<ProcessorApplication> processors = new ArrayList<>();
        try {
            AuditReport report = Audit.run(system.auditSettings(Duration.ofDays(7), Duration.ofSeconds(60)), step -> {
                if (step.startsWith("waiting until all is decided")) {
                    processors.add(system.startProcessor());
                }
            });

            assertThat(report.of(Promise.LIVENESS).verdict())
                    .as(ReportText.of(report))
                    .isEqualTo(Verdict.HOLDS);
        } finally {
            processors.forEach(ProcessorApplication::close);
        }
    }

    private void removeOutcomeOf(Command command) {
        int removed = system.sql(system.name())
                .sql("DELETE FROM outcomes WHERE command_id = ?")
                .param(command.commandId())
                .update();
        assertThat(removed).isEqualTo(1);
    }

    private static String eventOfTheFirstPartition() {
        for (int i = 0; ; i++) {
            byte[] key = ("elsewhere-" + i).getBytes(StandardCharsets.UTF_8);
            if (BuiltInPartitioner.partitionForKey(key, TestSystem.PARTITIONS) == 0) {
                return "elsewhere-" + i;
            }
        }
    }

    private static AuditReport audit(AuditSettings settings) {
        return Audit.run(settings, step -> {});
    }

    /** As Kafka does with what is older than its retention. */
    private void deleteAllUpToNow(String topic) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < TestSystem.PARTITIONS; partition++) {
            latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        TestSystem.answered(system.admin().listOffsets(latest).all())
                .forEach((partition, end) -> all.put(partition, RecordsToDelete.beforeOffset(end.offset())));
        TestSystem.answered(system.admin().deleteRecords(all).all());
    }

    /**
     * What is older than a millisecond may have been removed. The commands themselves must not be, so the topic is one of those that
     * are compacted, but not before the end of time.
     */
    private void keepCommandsNoLonger() {
        ConfigResource commands =
                new ConfigResource(ConfigResource.Type.TOPIC, system.topics().commands());
        Collection<AlterConfigOp> changes = List.of(
                set(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT),
                set(
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        Long.toString(Duration.ofDays(1).toMillis())),
                set(TopicConfig.RETENTION_MS_CONFIG, "1"));
        TestSystem.answered(system.admin()
                .incrementalAlterConfigs(Map.of(commands, changes))
                .all());
        // Brokers hear of it a moment later.
        Awaitility.await("retention")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Objects.requireNonNull(TestSystem.answered(system.admin()
                                        .describeConfigs(List.of(commands))
                                        .all())
                                .get(commands))
                        .get(TopicConfig.RETENTION_MS_CONFIG)
                        .value()
                        .equals("1"));
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private void publishAgain(String topic, UUID commandId) {
        system.sendAll(system.committed(topic).stream()
                .filter(record -> new String(record.value(), StandardCharsets.UTF_8).contains(commandId.toString()))
                .map(record -> new ProducerRecord<>(
                        topic, record.partition(), record.timestamp(), record.key(), record.value(), record.headers()))
                .toList());
    }

    private static Book book(String userId) {
        return new Book(UUID.randomUUID(), "event", userId, 1, OptionalLong.empty());
    }
}
