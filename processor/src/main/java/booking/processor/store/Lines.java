package booking.processor.store;

import booking.processor.decision.Event;
import booking.processor.decision.Waiting;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Lines that may be served.
 *
 * @param events events with free seats that are on sale, and with somebody waiting
 * @param waiting everybody in their lines
 * @param seats for those of them whose event has a limit, the seats that they have there
 */
public record Lines(List<Event> events, List<Waiting> waiting, Map<UserAtEvent, Long> seats) {

    /** The line of one event, the first to join first. */
    public List<Waiting> of(String eventId) {
        return waiting.stream()
                .filter(inLine -> inLine.eventId().equals(eventId))
                .sorted(Comparator.comparingLong(Waiting::place))
                .toList();
    }
}
