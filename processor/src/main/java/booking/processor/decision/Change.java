package booking.processor.decision;

import java.util.Optional;

/**
 * A change of an event and of what belongs to it.
 *
 * @param event the event afterwards, one version on
 * @param booking the booking afterwards, when one was made or changed
 * @param joined who has joined the line
 * @param left who has left it, served or not
 */
public record Change(Event event, Optional<Booking> booking, Optional<Waiting> joined, Optional<Waiting> left) {

    static Change of(Event event) {
        return new Change(event, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Change of(Event event, Booking booking) {
        return new Change(event, Optional.of(booking), Optional.empty(), Optional.empty());
    }
}
