package booking.processor.store;

import booking.processor.decision.Asked;
import booking.processor.decision.Slot;
import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.UpdateEvent;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** What a batch of commands is about, and so has to be loaded before they can be decided. */
public final class Wanted {
    private final Set<String> events = new HashSet<>();
    private final Set<UUID> bookings = new HashSet<>();
    private final Set<Slot> slots = new HashSet<>();
    private final Set<UserAtEvent> users = new HashSet<>();
    private final Set<String> eventsThatGetALimit = new HashSet<>();
    private Instant until = Instant.MIN;

    /** @param at the time that the log gave the command */
    public void add(Command command, Instant at) {
        events.add(command.eventId());
        Asked asked = Asked.by(command);
        asked.bookingId().ifPresent(bookings::add);
        // Who gives a booking back has its seats counted by the booking.
        if (asked.quantity().isPresent()) {
            asked.userId().ifPresent(user -> users.add(new UserAtEvent(command.eventId(), user)));
        }
        if (command instanceof CreateEvent create) {
            slots.add(new Slot(create.venue(), create.date()));
            if (create.perUserLimit().isPresent()) {
                eventsThatGetALimit.add(command.eventId());
            }
        } else if (command instanceof UpdateEvent update
                && update.perUserLimit().isPresent()) {
            eventsThatGetALimit.add(command.eventId());
        }
        if (at.isAfter(until)) {
            until = at;
        }
    }

    /** The events that the commands are about. */
    public Set<String> events() {
        return events;
    }

    /** The bookings that they name. */
    Set<UUID> bookings() {
        return bookings;
    }

    /** The slots that they want for new events. */
    Set<Slot> slots() {
        return slots;
    }

    /** The users who want seats. */
    Set<UserAtEvent> users() {
        return users;
    }

    /** Whether one of the commands gives this event a limit for each user. */
    boolean getsALimit(String eventId) {
        return eventsThatGetALimit.contains(eventId);
    }

    /** The time of the last command. */
    Instant until() {
        return until;
    }
}
