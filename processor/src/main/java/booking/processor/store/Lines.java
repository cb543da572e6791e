package booking.processor.store;

import booking.processor.decision.Event;
import booking.processor.decision.Waiting;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lines that may be served.
 *
 * @param events events with free seats that are on sale, and with somebody waiting
 * @param waiting for each of them those whom its free seats are enough for, by place
 * @param seats for those of them whose event has a limit, the seats that they have there
 */
public record Lines(List<Event> events, Map<String, SortedMap<Long, Waiting>> waiting, Map<UserAtEvent, Long> seats) {

    /** The line of one event, the first to join first. */
    public Collection<Waiting> of(String eventId) {
        return waiting.getOrDefault(eventId, new TreeMap<>()).values();
    }
}
