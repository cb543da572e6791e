package booking.processor.desk;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A poll whose transaction is committed.
 *
 * @param batches what was polled, in the order of the partitions
 * @param answers by partition
 * @param took from the poll in hand to the commit, with all attempts and the waiting between them
 * @param transaction how much of that the attempt took that was committed
 * @param steps what the time was spent on
 * @param attempts how often it was tried, at least once
 * @param lastFailure of the attempt before the last one; empty when there was only one
 */
public record DecidedPoll(
        List<CommandBatch> batches,
        Map<Integer, BatchAnswers> answers,
        Duration took,
        Duration transaction,
        StepTimes steps,
        int attempts,
        Optional<FailedAttempt> lastFailure) {}
