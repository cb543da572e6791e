package booking.standalone.audit;

import booking.standalone.audit.ReplayReport.Difference;
import booking.standalone.audit.ReplayReport.TableReport;
import booking.standalone.audit.Snapshot.Row;
import booking.standalone.audit.Snapshot.Rows;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Goes through the rows of both databases side by side, in the order of their keys. */
final class TableComparison {
    private static final int MOST_SHOWN = 10;

    private final Snapshot audited;
    private final Snapshot replayed;
    private final Pruned pruned;
    private final UndeterminedEvents undetermined;

    TableComparison(Snapshot audited, Snapshot replayed, Pruned pruned) {
        this.audited = audited;
        this.replayed = replayed;
        this.pruned = pruned;
        this.undetermined = new UndeterminedEvents(pruned);
    }

    List<TableReport> compareAll() throws SQLException {
        List<TableReport> reports = new ArrayList<>();
        TableReport outcomes = compare(AuditedTable.OUTCOMES);
        // What is not determined is known only when all outcomes were looked at, so look again.
        reports.add(undetermined.isEmpty() ? outcomes : compare(AuditedTable.OUTCOMES));
        reports.add(compare(AuditedTable.EVENTS));
        reports.add(compare(AuditedTable.BOOKINGS));
        reports.add(compare(AuditedTable.WAITLIST));
        return reports;
    }

    /** When an outcome was decided. */
    static Instant decidedAt(Row outcome) {
        return OffsetDateTime.parse(RowPair.columns(outcome).path("decided_at").asString())
                .toInstant();
    }

    private TableReport compare(AuditedTable table) throws SQLException {
        Tally tally = new Tally(table);
        try (Rows foundRows = audited.rows(table);
                Rows replayedRows = replayed.rows(table)) {
            Optional<Row> found = foundRows.next();
            Optional<Row> made = replayedRows.next();
            while (found.isPresent() || made.isPresent()) {
                int order = order(found, made);
                tally.add(new RowPair(order <= 0 ? found : Optional.empty(), order >= 0 ? made : Optional.empty()));
                if (order <= 0) {
                    found = foundRows.next();
                }
                if (order >= 0) {
                    made = replayedRows.next();
                }
            }
        }
        return tally.report();
    }

    /** Which of the two comes first; both, when their keys are equal. */
    private static int order(Optional<Row> found, Optional<Row> made) {
        if (found.isEmpty()) {
            return 1;
        }
        if (made.isEmpty()) {
            return -1;
        }
        return found.orElseThrow().key().compareTo(made.orElseThrow().key());
    }

    /** What one pass through a table comes to. */
    private final class Tally {
        private final AuditedTable table;
        private final MessageDigest foundHash = sha256();
        private final MessageDigest replayedHash = sha256();
        private final List<Difference> first = new ArrayList<>();
        private long found;
        private long replayed;
        private long prunedRows;
        private long differences;
        private long undeterminedRows;

        Tally(AuditedTable table) {
            this.table = table;
        }

        void add(RowPair pair) {
            if (isPruned(pair)) {
                prunedRows++;
                return;
            }
            pair.found().ifPresent(row -> {
                found++;
                update(foundHash, row);
            });
            pair.replayed().ifPresent(row -> {
                replayed++;
                update(replayedHash, row);
            });
            if (!pair.isEqual()) {
                addDifference(pair);
            }
        }

        private boolean isPruned(RowPair pair) {
            return table == AuditedTable.OUTCOMES
                    && pair.found().isEmpty()
                    && pair.replayed()
                            .filter(row -> pruned.mayBeMissing(decidedAt(row)))
                            .isPresent();
        }

        private void addDifference(RowPair pair) {
            if (table == AuditedTable.OUTCOMES) {
                undetermined.learnFrom(pair);
            }
            boolean isUndetermined = undetermined.includeAll(pair.events(table));
            if (isUndetermined) {
                undeterminedRows++;
            } else {
                differences++;
            }
            if (first.size() < MOST_SHOWN) {
                first.add(new Difference(pair.key(), pair.difference(), isUndetermined));
            }
        }

        TableReport report() {
            return new TableReport(
                    table.tableName(),
                    found,
                    replayed,
                    HexFormat.of().formatHex(foundHash.digest()),
                    HexFormat.of().formatHex(replayedHash.digest()),
                    prunedRows,
                    differences,
                    undeterminedRows,
                    first);
        }
    }

    private static void update(MessageDigest hash, Row row) {
        hash.update(row.json().getBytes(StandardCharsets.UTF_8));
        // No row has a line break in it: JSON writes it as \n.
        hash.update((byte) '\n');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
