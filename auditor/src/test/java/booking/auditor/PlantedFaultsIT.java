package booking.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.auditor.AuditReport.PromiseReport;
import booking.schemas.topic.TopicNames;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The auditor finds nothing wrong with a system that works, and finds each fault that is planted in a copy of it. Told to look
 * in another place, it says so.
 */
class PlantedFaultsIT {
    private static final long SEED = 20_261_123;
    private static TestSystem system;

    @BeforeAll
    static void makeHistory() {
        system = new TestSystem();
        History.sendTo(system, SEED);
        system.runUntilAllIsDone();
    }

    @AfterAll
    static void cleanUp() {
        system.close();
    }

    @Test
    void aSystemWithoutFaultsKeepsItsPromises() {
        AuditReport report = Audit.run(system.auditSettings(), step -> {});

        assertThat(report.promises())
                .as(ReportText.of(report))
                .allSatisfy(promise -> assertThat(promise.verdict()).isEqualTo(Verdict.HOLDS))
                .allSatisfy(promise -> assertThat(promise.counts().values())
                        .anySatisfy(count -> assertThat(count).isPositive()));
        assertThat(report.exitCode()).isZero();
    }

    @Test
    void aCopyWithoutFaultsPassesToo() {
        try (Copy copy = new Copy(system)) {
            copy.tables();
            copy.results(UnaryOperator.identity());
            copy.deadLetters(UnaryOperator.identity());
            copy.availability(UnaryOperator.identity());
            copy.committed(offset -> offset);

            AuditReport report = Audit.run(copy.settings(), step -> {});

            assertThat(report.exitCode()).as(ReportText.of(report)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFaultIsFound(Fault fault) {
        try (Copy copy = new Copy(system)) {
            fault.plantIn(copy);

            AuditReport report = Audit.run(copy.settings(), step -> {});

            PromiseReport broken = report.of(fault.promise());
            assertThat(broken.verdict()).as(ReportText.of(report)).isEqualTo(Verdict.VIOLATED);
            assertThat(broken.offenders()).isNotEmpty();
            assertThat(report.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void resultsOfTheSameCommandAreCounted() {
        long once = results(system.auditSettings());
        try (Copy copy = new Copy(system)) {
            copy.results(
                    records -> Stream.concat(records.stream(), records.stream()).toList());

            assertThat(results(copy.settings())).isEqualTo(2 * once);
        }
    }

    private static long results(AuditSettings settings) {
        return Objects.requireNonNull(
                Audit.run(settings, step -> {}).of(Promise.ANSWERS).counts().get("results"));
    }

    @Test
    void aResultThatIsPublishedAgainAndAgainIsToldOfInOneLine() {
        try (Copy copy = new Copy(system)) {
            copy.results(records -> Stream.concat(
                            records.stream(),
                            Collections.nCopies(
                                    1_000, Copy.resultsOf(History.BOB, records).get(0))
                                    .stream())
                    .toList());

            PromiseReport answers = Audit.run(copy.settings(), step -> {}).of(Promise.ANSWERS);

            assertThat(answers.verdict()).isEqualTo(Verdict.VIOLATED);
            assertThat(answers.offenders())
                    .allSatisfy(offender -> assertThat(offender.found()).hasSizeLessThan(1_000));
        }
    }

    @Test
    void aGroupThatDecidesNothingSaysNothing() {
        AuditReport report = Audit.run(with(system.topics(), "nobody"), step -> {});

        Reports.requireUnknown(
                report,
                "group nobody has committed nothing in " + system.topics().commands()
                        + ", though its commands were decided: is that the processors' group (BOOKING_PROCESSOR_GROUP)?",
                Promise.LIVENESS,
                Promise.PROGRESS);
    }

    @Test
    void aHoldThatHasRunOutIsNotHangingWhileThereIsNoProcessor() {
        try (Copy copy = new Copy(system)) {
            Fault.letAHoldRunOut(copy);

            PromiseReport liveness = Audit.run(copy.settings(), step -> {}).of(Promise.LIVENESS);

            assertThat(liveness.verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(liveness.unknown())
                    .containsExactly("group " + system.name()
                            + " has no members: no processor is there to end 1 holds that have run out");
        }
    }

    @Test
    void topicsThatAreNotThereCannotBeAudited() {
        TopicNames ours = system.topics();
        String none = "nobody-knows-it";

        for (TopicNames names : List.of(
                new TopicNames(none, ours.results(), ours.availability(), ours.deadLetters()),
                new TopicNames(ours.commands(), none, ours.availability(), ours.deadLetters()),
                new TopicNames(ours.commands(), ours.results(), none, ours.deadLetters()),
                new TopicNames(ours.commands(), ours.results(), ours.availability(), none))) {
            AuditSettings settings = with(names, system.name());

            assertThatThrownBy(() -> Audit.run(settings, step -> {}))
                    .as(names.toString())
                    .isInstanceOf(AuditFailedException.class)
                    .hasMessage("there is no topic " + none + " at " + system.bootstrapServers());
        }
    }

    @Test
    void topicsThatTheTablesWereNotMadeFromLeaveTablesAndOrderUnknown() {
        TopicNames others = TopicNames.withPrefix("other-" + UUID.randomUUID());
        List<String> names = List.of(others.commands(), others.results(), others.availability(), others.deadLetters());
        TestSystem.answered(system.admin()
                .createTopics(names.stream()
                        .map(name -> new NewTopic(name, TestSystem.PARTITIONS, (short) 1))
                        .toList())
                .all());

        AuditReport report = Audit.run(with(others, system.name()), step -> {});

        Reports.requireUnknown(
                report,
                "the tables also hold what was decided from another topic than this one",
                Promise.TABLES,
                Promise.ORDER);
        TestSystem.answered(system.admin().deleteTopics(names).all());
    }

    private static AuditSettings with(TopicNames topics, String group) {
        AuditSettings settings = system.auditSettings();
        return Copy.with(settings, topics, settings.databaseUrl(), group);
    }
}
