package booking.standalone.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells which outcomes the processors may have removed for their age. They remove the oldest first, and never one that is
 * younger than both their retention and the topic's.
 *
 * @param before what was decided before is old enough; empty when outcomes are kept forever
 * @param oldestKept when the oldest outcome that is still there was decided
 */
record Pruned(Optional<Instant> before, Optional<Instant> oldestKept) {

    /** @param topicRetention empty when the topic keeps commands forever */
    static Pruned at(
            Instant now, Duration outcomeRetention, Optional<Duration> topicRetention, Optional<Instant> oldestKept) {
        return new Pruned(
                topicRetention.map(
                        topic -> now.minus(topic.compareTo(outcomeRetention) > 0 ? topic : outcomeRetention)),
                oldestKept);
    }

    /** Whether an outcome of this age may have been removed, if only because its command was sent again since. */
    boolean isOldEnough(Instant decidedAt) {
        return before.filter(decidedAt::isBefore).isPresent();
    }

    /** Whether an outcome that is missing may have been removed. */
    boolean mayBeMissing(Instant decidedAt) {
        return isOldEnough(decidedAt) && !oldestKept.filter(decidedAt::isAfter).isPresent();
    }
}
