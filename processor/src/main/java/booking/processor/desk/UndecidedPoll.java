package booking.processor.desk;

import java.time.Duration;
import java.util.List;

/**
 * A poll that was given up.
 *
 * @param batches what was polled, in the order of the partitions
 * @param took from the poll in hand until it was given up
 * @param attempts how often it was tried, at least once
 * @param failure of the last attempt
 */
public record UndecidedPoll(List<CommandBatch> batches, Duration took, int attempts, FailedAttempt failure) {}
