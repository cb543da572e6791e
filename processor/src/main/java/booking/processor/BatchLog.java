package booking.processor;

import booking.processor.desk.CommandBatch;
import booking.processor.desk.DecidedPoll;
import booking.processor.desk.DeskWatch;
import booking.processor.desk.FailedAttempt;
import booking.processor.desk.UndecidedPoll;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Tells in the log of each batch that was slow or failed: where it stands, how large it is, and what was in the way. */
final class BatchLog implements DeskWatch {
    private static final Logger LOG = LoggerFactory.getLogger(BatchLog.class);

    private final Duration slow;

    /** @param slow from which on a batch is told of even when nothing was in its way */
    BatchLog(Duration slow) {
        this.slow = slow;
    }

    @Override
    public void decided(DecidedPoll poll) {
        boolean failedFirst = poll.lastFailure().isPresent();
        if (!failedFirst && poll.took().compareTo(slow) < 0) {
            return;
        }
        LoggingEventBuilder line = about(poll.batches(), poll.took(), poll.attempts())
                .setMessage(failedFirst ? "A batch was decided after failed attempts" : "A batch was slow")
                .addKeyValue("transactionMillis", poll.transaction().toMillis());
        poll.lastFailure().ifPresent(failure -> failure(line, failure));
        line.log();
    }

    @Override
    public void gaveBack(UndecidedPoll poll) {
        LoggingEventBuilder line = about(poll.batches(), poll.took(), poll.attempts())
                .setMessage("A batch failed, and is given back undecided");
        failure(line, poll.failure());
        line.log();
    }

    private static LoggingEventBuilder about(List<CommandBatch> batches, Duration took, int attempts) {
        return LOG.atWarn()
                .addKeyValue("batches", inWords(batches))
                .addKeyValue(
                        "commands",
                        batches.stream()
                                .mapToInt(batch -> batch.records().size())
                                .sum())
                .addKeyValue("millis", took.toMillis())
                .addKeyValue("attempts", attempts);
    }

    private static void failure(LoggingEventBuilder line, FailedAttempt failure) {
        var unused = line.addKeyValue("kind", failure.kind().name().toLowerCase(Locale.ROOT))
                .addKeyValue("sqlState", failure.sqlState());
    }

    /** {@code 3:5120-5180}: of partition 3, the records from offset 5120 to 5180. */
    private static String inWords(List<CommandBatch> batches) {
        return batches.stream()
                .map(batch -> batch.partition() + ":" + batch.records().get(0).offset() + "-"
                        + batch.records().get(batch.records().size() - 1).offset())
                .collect(Collectors.joining(" "));
    }
}
