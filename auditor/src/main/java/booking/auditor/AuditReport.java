package booking.auditor;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What an audit has found: one entry for each promise, in their order. */
public record AuditReport(List<PromiseReport> promises) {
    private static final int ALL_HOLD = 0;
    private static final int VIOLATED = 1;
    private static final int UNKNOWN = 2;

    /** Copies the list. */
    public AuditReport {
        promises = List.copyOf(promises);
    }

    /**
     * What was found about one promise.
     *
     * @param counts what was looked at, in the order in which it is told
     * @param unknown why not all could be looked at; empty when it could
     * @param violations how many cases there are
     * @param offenders the first of them
     */
    public record PromiseReport(
            Promise promise,
            Map<String, Long> counts,
            List<String> unknown,
            long violations,
            List<Offender> offenders) {

        /** A violation stays one, however much could not be looked at. */
        public Verdict verdict() {
            if (violations > 0) {
                return Verdict.VIOLATED;
            }
            return unknown.isEmpty() ? Verdict.HOLDS : Verdict.UNKNOWN;
        }
    }

    /** This report, and what was found about one more promise. */
    public AuditReport with(PromiseReport one) {
        return new AuditReport(Stream.concat(promises.stream(), Stream.of(one))
                .sorted(Comparator.comparing(PromiseReport::promise))
                .toList());
    }

    /** What was found about this promise. */
    public PromiseReport of(Promise promise) {
        return promises.stream()
                .filter(report -> report.promise() == promise)
                .findFirst()
                .orElseThrow();
    }

    /** The worst of the verdicts. */
    public Verdict verdict() {
        if (promises.stream().anyMatch(report -> report.verdict() == Verdict.VIOLATED)) {
            return Verdict.VIOLATED;
        }
        return promises.stream().anyMatch(report -> report.verdict() == Verdict.UNKNOWN)
                ? Verdict.UNKNOWN
                : Verdict.HOLDS;
    }

    /** 0 when all promises hold, 1 when one is broken, 2 when none is seen broken but not all could be checked. */
    public int exitCode() {
        return switch (verdict()) {
            case HOLDS -> ALL_HOLD;
            case VIOLATED -> VIOLATED;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
