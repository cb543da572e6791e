package booking.auditor;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Looks whether there are commands between two offsets, or only markers of transactions. */
final class FirstCommand {
    private FirstCommand() {}

    /**
     * The offset of the first committed record from the one up to the other.
     *
     * @throws CutShortException when it cannot be read any longer, or not yet
     */
    static Optional<Long> between(AuditSettings settings, TopicPartition partition, long from, long to) {
        try (LogReader reader = new LogReader(settings)) {
            long beginning =
                    Objects.requireNonNull(reader.beginnings(List.of(partition)).get(partition));
            if (beginning > from) {
                throw new CutShortException("what was in " + partition + " from offset " + from + " to " + beginning
                        + " is no longer kept");
            }
            long[] first = {Long.MAX_VALUE};
            reader.start(Map.of(partition, from));
            reader.readTo(Map.of(partition, to), record -> first[0] = Math.min(first[0], record.offset()));
            return first[0] < to ? Optional.of(first[0]) : Optional.empty();
        }
    }
}
