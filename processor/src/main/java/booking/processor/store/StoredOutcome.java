package booking.processor.store;

import java.time.Instant;

/**
 * What was answered to a command.
 *
 * @param fingerprint of the command's content
 * @param result the result as it was published, JSON
 */
public record StoredOutcome(Fingerprint fingerprint, Instant decidedAt, String result) {}
