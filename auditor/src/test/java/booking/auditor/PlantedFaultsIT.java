package booking.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import booking.auditor.AuditReport.PromiseReport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The auditor finds nothing wrong with a system that works, and finds each fault that is planted in a copy of it. */
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
                .allSatisfy(promise -> assertThat(promise.counts()).isNotEmpty());
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
}
