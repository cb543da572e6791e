package booking.gateway.http;

import booking.schemas.result.Position;

/** What became of a command that was to be sent. */
sealed interface Outcome {
    /**
     * It is decided.
     *
     * @param result JSON, as it was published
     * @param position where the command stands
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and too many to wrap
    record Decided(byte[] result, Position position) implements Outcome {}

    /** It is in the log, and nobody waits any longer for its result. */
    record Pending(Position position) implements Outcome {}

    /** Kafka does not have it, or with {@link ProblemCode#OUTCOME_UNKNOWN} may have it. */
    record Failed(Problem problem) implements Outcome {}
}
