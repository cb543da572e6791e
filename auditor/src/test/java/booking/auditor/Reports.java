package booking.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What tests want of reports. */
final class Reports {
    private Reports() {}

    /** These promises are unknown, for this reason, and all others hold. */
    static void requireUnknown(AuditReport report, String reason, Promise... unknown) {
        assertThat(report.promises()).as(ReportText.of(report)).allSatisfy(promise -> {
            if (List.of(unknown).contains(promise.promise())) {
                assertThat(promise.verdict()).isEqualTo(Verdict.UNKNOWN);
                assertThat(promise.unknown())
                        .anySatisfy(told -> assertThat(told).startsWith(reason));
            } else {
                assertThat(promise.verdict()).isEqualTo(Verdict.HOLDS);
            }
        });
        assertThat(report.exitCode()).isEqualTo(2);
        assertThat(ReportText.of(report)).contains("UNKNOWN", "    unknown: " + reason);
    }
}
