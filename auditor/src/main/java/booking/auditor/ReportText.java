package booking.auditor;

import java.util.Locale;
import java.util.StringJoiner;

/** The report for people: a line for each promise, and below it what is wrong. */
public final class ReportText {
    private ReportText() {}

    /** All of it, with a line break after each line. */
    public static String of(AuditReport report) {
        StringBuilder text = new StringBuilder();
        for (AuditReport.PromiseReport promise : report.promises()) {
            text.append(String.format(
                            Locale.ROOT,
                            "%-3s %-8s  %-48s  %s",
                            promise.promise().number(),
                            promise.verdict(),
                            promise.promise().words(),
                            counts(promise))
                    .stripTrailing());
            text.append('\n');
            promise.unknown()
                    .forEach(reason ->
                            text.append("    unknown: ").append(reason).append('\n'));
            promise.offenders()
                    .forEach(offender -> text.append("    ")
                            .append(where(offender))
                            .append("expected ")
                            .append(offender.expected())
                            .append("; found ")
                            .append(offender.found())
                            .append('\n'));
            long more = promise.violations() - promise.offenders().size();
            if (more > 0) {
                text.append(String.format(Locale.ROOT, "    and %,d more%n", more));
            }
        }
        return text.toString();
    }

    private static String counts(AuditReport.PromiseReport promise) {
        StringJoiner counts = new StringJoiner(", ");
        promise.counts().forEach((what, count) -> counts.add(String.format(Locale.ROOT, "%,d %s", count, what)));
        return counts.toString();
    }

    private static String where(Offender offender) {
        StringJoiner where = new StringJoiner(" ", "", ": ");
        where.setEmptyValue("");
        if (offender.partition().isPresent() && offender.offset().isPresent()) {
            where.add("partition " + offender.partition().get() + " offset "
                    + offender.offset().get());
        }
        offender.commandId().ifPresent(id -> where.add("command " + id));
        return where.toString();
    }
}
