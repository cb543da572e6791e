package booking.standalone.audit;

import booking.auditor.AuditReport.PromiseReport;
import booking.auditor.Offender;
import booking.auditor.Promise;
import booking.auditor.Verdict;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a replay showed.
 *
 * @param reasons why the verdict is not {@link Verdict#HOLDS}; empty when it is
 * @param commands how many records of the log were decided once more, whatever they held
 * @param deciding how long deciding them took
 * @param tables what became of each table; empty when the replay did not come to an end
 */
public record ReplayReport(
        Verdict verdict, List<String> reasons, long commands, Duration deciding, List<TableReport> tables) {
    private static final int MOST_OFFENDERS = 10;

    /**
     * One table, as it is in the audited database and as the replay made it.
     *
     * @param found rows in the audited database
     * @param replayed rows that the replay made, without those pruned since
     * @param foundHash SHA-256 of the rows found, in the order of their keys, hexadecimal
     * @param replayedHash the same of the rows replayed
     * @param pruned outcomes that the audited database no longer keeps, as they are older than its retention
     * @param differences how many rows differ in what the log determines
     * @param undetermined how many rows differ in what the log does not determine
     * @param first the first of the rows that differ, at most ten
     */
    public record TableReport(
            String table,
            long found,
            long replayed,
            String foundHash,
            String replayedHash,
            long pruned,
            long differences,
            long undetermined,
            List<Difference> first) {
        public TableReport {
            first = List.copyOf(first);
        }
    }

    /**
     * A row that differs.
     *
     * @param key the row's id
     * @param what is found, and what the replay made
     * @param undetermined whether the log alone does not determine it
     */
    public record Difference(String key, String what, boolean undetermined) {}

    public ReplayReport {
        reasons = List.copyOf(reasons);
        tables = List.copyOf(tables);
    }

    static ReplayReport unknown(String reason, long commands, Duration deciding) {
        return new ReplayReport(Verdict.UNKNOWN, List.of(reason), commands, deciding, List.of());
    }

    static ReplayReport of(long commands, Duration deciding, List<TableReport> tables) {
        long differences = tables.stream().mapToLong(TableReport::differences).sum();
        long undetermined = tables.stream().mapToLong(TableReport::undetermined).sum();
        if (differences > 0) {
            return new ReplayReport(
                    Verdict.VIOLATED,
                    List.of(differences + " rows are not what the log says"),
                    commands,
                    deciding,
                    tables);
        }
        if (undetermined > 0) {
            return new ReplayReport(
                    Verdict.UNKNOWN,
                    List.of(undetermined
                            + " rows differ, all about events for which the log alone does not say what came"
                            + " first: commands on different partitions wanted one venue and date, or had one command id,"
                            + " or a writer other than the processor was at work"),
                    commands,
                    deciding,
                    tables);
        }
        return new ReplayReport(Verdict.HOLDS, List.of(), commands, deciding, tables);
    }

    /** As a part of the report of an audit. */
    PromiseReport asPromise() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("commands", commands);
        tables.forEach(table -> counts.put(table.table(), table.found()));
        tables.stream()
                .filter(table -> table.pruned() > 0)
                .forEach(table -> counts.put(table.table() + " no longer kept", table.pruned()));
        List<Offender> offenders = tables.stream()
                .flatMap(table -> table.first().stream()
                        .filter(difference -> !difference.undetermined())
                        .map(difference -> new Offender(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                table.table() + ", " + difference.key() + ": what the log makes of it",
                                difference.what())))
                .limit(MOST_OFFENDERS)
                .toList();
        return new PromiseReport(
                Promise.REPLAY,
                counts,
                verdict == Verdict.UNKNOWN ? reasons : List.of(),
                tables.stream().mapToLong(TableReport::differences).sum(),
                offenders);
    }
}
