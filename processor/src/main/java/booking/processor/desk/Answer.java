package booking.processor.desk;

import booking.schemas.command.CommandType;
import booking.schemas.command.Decoded;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What becomes of one record of the commands topic. */
public sealed interface Answer {

    /**
     * It gets this result.
     *
     * @param json the result as it is published
     */
    record Result(UUID commandId, String eventId, Optional<CommandType> type, Instant decidedAt, String json)
            implements Answer {}

    /** It goes to the dead letters, as it came. */
    record DeadLetter(Decoded.DeadLetter why) implements Answer {}

    /**
     * It was answered so long ago that its outcome has been pruned; there is nothing to say again.
     *
     * @param decidedUpTo the first offset of its partition that has not been decided, which is what says so
     */
    record Forgotten(UUID commandId, long decidedUpTo) implements Answer {}
}
