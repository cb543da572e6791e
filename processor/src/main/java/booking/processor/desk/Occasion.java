package booking.processor.desk;

import booking.schemas.result.Reason;
import java.util.Optional;

/**
 * Why there is an answer. Not part of what is published: who asks again gets the same answer on another occasion.
 *
 * @param refusal the reason of a refusal that was decided now; empty when it was accepted, or decided before
 */
public record Occasion(Kind kind, Optional<Reason> refusal) {
    static final Occasion ACCEPTED = new Occasion(Kind.DECIDED, Optional.empty());
    static final Occasion DEAD_LETTER = new Occasion(Kind.DECIDED, Optional.empty());
    static final Occasion REPEATED = new Occasion(Kind.REPEATED, Optional.empty());
    static final Occasion REPLAYED = new Occasion(Kind.REPLAYED, Optional.empty());

    /** The kinds of occasions. */
    public enum Kind {
        /** The record has been decided now. */
        DECIDED,
        /** The command has been sent again, and gets the answer that it got. */
        REPEATED,
        /** The record was decided before, but perhaps its answer was never published. */
        REPLAYED
    }

    static Occasion refused(Reason reason) {
        return new Occasion(Kind.DECIDED, Optional.of(reason));
    }
}
