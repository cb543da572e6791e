package booking.auditor;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.kafka.common.TopicPartition;

/** The database has decided all that the group says is done. When it has not, it has lost commits. */
final class ProgressCheck {
    private final AuditSettings settings;
    private final Findings findings;

    ProgressCheck(AuditSettings settings, Findings findings) {
        this.settings = settings;
        this.findings = findings;
    }

    /**
     * Compares.
     *
     * @param committed by the group, seen before the tables were: progress is saved first
     */
    void check(Map<Integer, Long> committed, SortedMap<Integer, Long> progress) {
        committed.forEach((partition, offset) -> {
            findings.count(Promise.PROGRESS, "partitions", 1);
            long decided = progress.getOrDefault(partition, 0L);
            if (offset > decided) {
                checkGap(partition, decided, offset, progress.containsKey(partition));
            }
        });
    }

    /** Between the two there may be nothing but markers of transactions, which are no commands. */
    private void checkGap(int partition, long decided, long committed, boolean known) {
        TopicPartition commands = new TopicPartition(settings.topics().commands(), partition);
        try {
            Optional<Long> lost = FirstCommand.between(settings, commands, decided, committed);
            lost.ifPresent(offset -> findings.violation(
                    Promise.PROGRESS,
                    Offender.at(
                            partition,
                            offset,
                            Optional.empty(),
                            "progress of the database up to offset " + committed + ", which the group has committed",
                            known ? "progress up to " + decided : "no progress")));
        } catch (CutShortException e) {
            findings.unknown(Promise.PROGRESS, e.reason());
        }
    }
}
