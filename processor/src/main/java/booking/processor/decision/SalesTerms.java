package booking.processor.decision;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * On what terms an event's seats are sold.
 *
 * @param perUserLimit the most seats that one user may have, unlimited when empty
 * @param openAt the first instant of the sale; empty when it has begun with the event
 * @param closeAt the first instant after the sale; empty when it does not end by itself
 */
public record SalesTerms(OptionalInt perUserLimit, Optional<Instant> openAt, Optional<Instant> closeAt) {

    /** Anybody may buy everything at any time. */
    public static final SalesTerms NONE = new SalesTerms(OptionalInt.empty(), Optional.empty(), Optional.empty());

    boolean opensAfter(Instant at) {
        return openAt.isPresent() && at.isBefore(openAt.get());
    }

    boolean isOverAt(Instant at) {
        return closeAt.isPresent() && !at.isBefore(closeAt.get());
    }

    boolean allows(long seatsOfOneUser) {
        return perUserLimit.isEmpty() || seatsOfOneUser <= perUserLimit.getAsInt();
    }

    boolean neverOpen() {
        return openAt.isPresent() && closeAt.isPresent() && !openAt.get().isBefore(closeAt.get());
    }

    String window() {
        return "from " + openAt.map(Instant::toString).orElse("the beginning") + " to "
                + closeAt.map(Instant::toString).orElse("the end");
    }
}
