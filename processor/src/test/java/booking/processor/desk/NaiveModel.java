package booking.processor.desk;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * What the booking desk promises, in the simplest words there are: one command at a time, lists searched from the
 * beginning, nothing counted that can be added up. It shares no code with the processor but the commands.
 */
final class NaiveModel {
    private final Map<UUID, Told> told = new HashMap<>();
    private final List<CreateEvent> events = new ArrayList<>();
    private final Map<String, Integer> changes = new HashMap<>();
    private final List<Book> booked = new ArrayList<>();
    private final List<Book> cancelled = new ArrayList<>();

    private record Told(Command command, String answer) {}

    /** The answer to the next command: its outcome, and the event's version and free seats if the answer shows it. */
    String answer(Command command) {
        Told before = told.get(command.commandId());
        if (before != null) {
            return before.command().equals(command) ? before.answer() : "COMMAND_ID_REUSED";
        }
        String outcome = decide(command);
        String answer = outcome
                + events.stream()
                        .filter(event -> event.eventId().equals(command.eventId()))
                        .map(event -> " version " + version(event.eventId()) + ", " + left(event) + " left")
                        .findFirst()
                        .orElse("");
        told.put(command.commandId(), new Told(command, answer));
        return answer;
    }

    private String decide(Command command) {
        if (command instanceof CreateEvent create) {
            return create(create);
        }
        CreateEvent event = events.stream()
                .filter(candidate -> candidate.eventId().equals(command.eventId()))
                .findFirst()
                .orElse(null);
        if (event == null) {
            return "EVENT_NOT_FOUND";
        }
        if (command.expectedVersion().isPresent()
                && command.expectedVersion().getAsLong() != version(event.eventId())) {
            return "VERSION_CONFLICT";
        }
        return command instanceof Book book ? book(book, event) : cancel((Cancel) command);
    }

    private String create(CreateEvent create) {
        for (CreateEvent other : events) {
            if (other.eventId().equals(create.eventId())) {
                return "EVENT_EXISTS";
            }
        }
        for (CreateEvent other : events) {
            if (other.venue().equals(create.venue()) && other.date().equals(create.date())) {
                return "TIME_SLOT_TAKEN";
            }
        }
        events.add(create);
        return "accepted";
    }

    private String book(Book book, CreateEvent event) {
        if (left(event) == 0) {
            return event.capacity() == 1 ? "ALREADY_BOOKED" : "SOLD_OUT";
        }
        if (left(event) < book.quantity()) {
            return "NOT_ENOUGH_SEATS";
        }
        booked.add(book);
        changes.merge(event.eventId(), 1, Integer::sum);
        return "accepted";
    }

    private String cancel(Cancel cancel) {
        List<Book> all = new ArrayList<>(booked);
        all.addAll(cancelled);
        for (Book booking : all) {
            if (booking.commandId().equals(cancel.bookingId())
                    && booking.eventId().equals(cancel.eventId())) {
                if (cancel.userId().isPresent() && !cancel.userId().get().equals(booking.userId())) {
                    return "NOT_THE_OWNER";
                }
                if (cancelled.contains(booking)) {
                    return "BOOKING_CANCELLED";
                }
                booked.remove(booking);
                cancelled.add(booking);
                changes.merge(cancel.eventId(), 1, Integer::sum);
                return "accepted";
            }
        }
        return "BOOKING_NOT_FOUND";
    }

    private int left(CreateEvent event) {
        int left = event.capacity();
        for (Book booking : booked) {
            if (booking.eventId().equals(event.eventId())) {
                left -= booking.quantity();
            }
        }
        return left;
    }

    private int version(String eventId) {
        return 1 + Objects.requireNonNullElse(changes.get(eventId), 0);
    }
}
