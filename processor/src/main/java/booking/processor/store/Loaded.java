package booking.processor.store;

import booking.processor.decision.Booking;
import booking.processor.decision.Event;
import booking.processor.decision.Slot;
import booking.processor.decision.Waiting;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What the tables say about what a batch is about.
 *
 * @param events those that exist
 * @param bookings those that are named and exist, and the holds that may run out before the last command of the batch
 * @param slots the slots that are asked for, with the event that has each, if one does
 * @param seats for users of events that have a limit, the seats that they have there, confirmed and held
 * @param places the places that users who are named have in the lines of these events
 */
public record Loaded(
        Map<String, Event> events,
        Map<UUID, Booking> bookings,
        Map<Slot, Optional<String>> slots,
        Map<UserAtEvent, Long> seats,
        Map<UserAtEvent, Waiting> places) {}
