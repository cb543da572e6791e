package booking.processor.decision;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The line of those who wait. Free seats are for the first in it whom they are enough for and who may have them; who
 * wants more than is free, or has reached the limit, keeps the place and is passed over for now.
 */
public final class Line {
    private Line() {}

    /**
     * Whom the free seats of an event are for, in the order in which they are to be served.
     *
     * @param line those who wait, the first to join first
     * @param seatsOf the seats that a user has; asked only when the event has a limit
     */
    public static List<Waiting> toServe(Event event, Collection<Waiting> line, ToLongFunction<String> seatsOf) {
        List<Waiting> served = new ArrayList<>();
        int free = event.available();
        for (Waiting waiting : line) {
            if (free == 0) {
                break;
            }
            if (canBeServed(waiting, free, event, seatsOf)) {
                served.add(waiting);
                free -= waiting.quantity();
            }
        }
        return served;
    }

    private static boolean canBeServed(Waiting waiting, int free, Event event, ToLongFunction<String> seatsOf) {
        SalesTerms sales = event.sales();
        return waiting.quantity() <= free
                && (sales.perUserLimit().isEmpty()
                        || sales.allows(seatsOf.applyAsLong(waiting.userId()) + waiting.quantity()));
    }
}
