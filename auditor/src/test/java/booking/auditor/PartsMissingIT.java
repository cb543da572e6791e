package booking.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.command.Book;
import booking.schemas.command.CreateEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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
import org.apache.kafka.clients.producer.ProducerRecord;
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

        requireThatABookingAfterTablesWereSetBackIsFound();

        publishAgain(system.topics().results(), BOBS.commandId());

        AuditReport violated = audit(system.auditSettings());
        assertThat(violated.of(Promise.ANSWERS).verdict())
                .as(ReportText.of(violated))
                .isEqualTo(Verdict.VIOLATED);
        assertThat(violated.exitCode()).isEqualTo(1);
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
        keepOutcomesNoLonger();
        int removed = system.sql(system.name())
                .sql("DELETE FROM outcomes WHERE command_id = ?")
                .param(ALICES.commandId())
                .update();
        assertThat(removed).isEqualTo(1);
        system.send(ALICES);
        system.send(ALICES);
        system.runUntilAllIsDone();

        AuditReport report = audit(system.auditSettings());

        assertThat(report.verdict()).as(ReportText.of(report)).isEqualTo(Verdict.HOLDS);
        assertThat(report.exitCode()).isZero();
        assertThat(ReportText.of(report))
                .contains("1 repetitions")
                .contains("1 ids decided anew, as their outcomes were no longer kept");
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
    private void keepOutcomesNoLonger() {
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
