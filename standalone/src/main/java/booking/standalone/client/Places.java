package booking.standalone.client;

import booking.schemas.result.Accepted;
import booking.schemas.result.EventSnapshot;

/** Places, taken and left, in words. */
final class Places {
    private Places() {}

    static String inWords(int count) {
        return count == 1 ? "1 place" : count + " places";
    }

    /** The booking that was made or changed. */
    static String inWords(String done, Accepted accepted) {
        return accepted.changed()
                .map(booking -> done + " " + inWords(booking.quantity()) + " of " + accepted.eventId() + " for "
                        + booking.userId()
                        + booking.holdExpiresAt().map(end -> " until " + end).orElse("") + ", "
                        + accepted.snapshot().available() + " left; booking " + booking.bookingId())
                .orElseThrow();
    }

    static String left(EventSnapshot event) {
        return event.available() + " of " + event.capacity() + " left";
    }
}
