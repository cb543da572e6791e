package booking.processor.desk;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CloseEvent;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.ExpireHold;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import booking.schemas.command.LeaveWaitlist;
import booking.schemas.command.UpdateEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the booking desk promises, in the simplest words there are: one command at a time, lists searched from the
 * beginning, nothing counted that can be added up. It shares no code with the processor but the commands.
 */
final class NaiveModel {
    private final Map<UUID, Told> told = new HashMap<>();
    private final List<Sale> sales = new ArrayList<>();
    private final List<Seats> seats = new ArrayList<>();
    private final List<JoinWaitlist> line = new ArrayList<>();

    private record Told(Command command, String answer) {}

    private static final class Sale {
        String id = "";
        String venue = "";
        Instant date = Instant.EPOCH;
        int capacity;
        OptionalInt limit = OptionalInt.empty();
        Instant open = Instant.MIN;
        Instant close = Instant.MAX;
        boolean closed;
        int version = 1;
    }

    private static final class Seats {
        UUID id = new UUID(0, 0);
        String event = "";
        String user = "";
        int quantity;
        String status = "";
        Instant until = Instant.MAX;

        boolean areTaken() {
            return status.equals("HELD") || status.equals("CONFIRMED");
        }
    }

    /** The answer to the next command, in the words of {@link HistoryRun}. */
    String answer(Command command, Instant at) {
        Told before = told.get(command.commandId());
        if (before != null) {
            return before.command().equals(command) ? before.answer() : "COMMAND_ID_REUSED";
        }
        expire(command.eventId(), at);
        String outcome = decide(command, at);
        Sale sale = sale(command.eventId());
        String answer = outcome
                + (sale == null
                        ? ""
                        : " version " + sale.version + ", " + left(sale) + " left, " + taken(sale, "HELD") + " held");
        told.put(command.commandId(), new Told(command, answer));
        return answer;
    }

    private void expire(String event, Instant at) {
        for (Seats hold : seats) {
            if (hold.event.equals(event) && hold.status.equals("HELD") && !at.isBefore(hold.until)) {
                hold.status = "EXPIRED";
                changed(event);
            }
        }
    }

    private String decide(Command command, Instant at) {
        Sale sale = sale(command.eventId());
        if (command instanceof UpdateEvent update && sale != null) {
            Instant open = update.salesOpenAt().orElse(sale.open);
            if (!open.isBefore(update.salesCloseAt().orElse(sale.close))) {
                return "INVALID_COMMAND";
            }
        }
        if (command instanceof CreateEvent create) {
            return create(create);
        }
        if (command instanceof UpdateEvent update) {
            String venue = update.venue().orElse(sale == null ? "" : sale.venue);
            Instant date = update.date().orElse(sale == null ? Instant.MIN : sale.date);
            if (isTakenByAnother(venue, date, command.eventId())) {
                return "TIME_SLOT_TAKEN";
            }
        }
        if (sale == null) {
            return "EVENT_NOT_FOUND";
        }
        if (command.expectedVersion().isPresent() && command.expectedVersion().getAsLong() != sale.version) {
            return "VERSION_CONFLICT";
        }
        if (command instanceof UpdateEvent update) {
            return update(update, sale);
        }
        if (command instanceof CloseEvent) {
            return close(sale);
        }
        if (command instanceof Book book) {
            return take(book.commandId(), sale, book.userId(), book.quantity(), null, null, at);
        }
        if (command instanceof Hold hold) {
            return take(
                    hold.commandId(),
                    sale,
                    hold.userId(),
                    hold.quantity(),
                    at.plusSeconds(hold.holdSeconds()),
                    hold.waitlistId().orElse(null),
                    at);
        }
        if (command instanceof Confirm confirm) {
            return confirm(confirm);
        }
        if (command instanceof Cancel cancel) {
            return cancel(cancel);
        }
        if (command instanceof ExpireHold expire) {
            return expire(expire);
        }
        return command instanceof JoinWaitlist join ? join(join, sale, at) : leave((LeaveWaitlist) command, sale);
    }

    private String create(CreateEvent create) {
        if (sale(create.eventId()) != null) {
            return "EVENT_EXISTS";
        }
        if (isTakenByAnother(create.venue(), create.date(), create.eventId())) {
            return "TIME_SLOT_TAKEN";
        }
        Sale sale = new Sale();
        sale.id = create.eventId();
        sale.venue = create.venue();
        sale.date = create.date();
        sale.capacity = create.capacity();
        sale.limit = create.perUserLimit();
        sale.open = create.salesOpenAt().orElse(sale.open);
        sale.close = create.salesCloseAt().orElse(sale.close);
        sales.add(sale);
        return "accepted";
    }

    private String update(UpdateEvent update, Sale sale) {
        if (update.capacity().isPresent()
                && update.capacity().getAsInt() < taken(sale, "HELD") + taken(sale, "CONFIRMED")) {
            return "CAPACITY_BELOW_TAKEN";
        }
        sale.venue = update.venue().orElse(sale.venue);
        sale.date = update.date().orElse(sale.date);
        sale.capacity = update.capacity().orElse(sale.capacity);
        sale.limit = update.perUserLimit().isPresent() ? update.perUserLimit() : sale.limit;
        sale.open = update.salesOpenAt().orElse(sale.open);
        sale.close = update.salesCloseAt().orElse(sale.close);
        changed(sale.id);
        return "accepted";
    }

    private String close(Sale sale) {
        if (sale.closed) {
            return "EVENT_CLOSED";
        }
        sale.closed = true;
        changed(sale.id);
        return "accepted";
    }

    private String take(
            UUID id,
            Sale sale,
            String user,
            int quantity,
            @Nullable Instant until,
            @Nullable UUID offerTo,
            Instant at) {
        String refusal = notOnSale(sale, user, quantity, at);
        if (!refusal.isEmpty()) {
            return refusal;
        }
        int open = open(sale, user, quantity);
        if (open == 0) {
            return sale.capacity == 1 ? "ALREADY_BOOKED" : "SOLD_OUT";
        }
        if (open < quantity) {
            return "NOT_ENOUGH_SEATS";
        }
        Optional<JoinWaitlist> own = own(sale, user);
        if (offerTo != null && (own.isEmpty() || !own.get().commandId().equals(offerTo))) {
            return "NOT_ON_WAITLIST";
        }
        own.ifPresent(line::remove);
        Seats made = new Seats();
        made.id = id;
        made.event = sale.id;
        made.user = user;
        made.quantity = quantity;
        made.status = until == null ? "CONFIRMED" : "HELD";
        made.until = until == null ? Instant.MAX : until;
        seats.add(made);
        changed(sale.id);
        return "accepted " + made.status + (until == null ? "" : " until " + until);
    }

    private String notOnSale(Sale sale, String user, int quantity, Instant at) {
        if (sale.closed) {
            return "EVENT_CLOSED";
        }
        if (at.isBefore(sale.open)) {
            return "SALES_NOT_OPEN";
        }
        if (!at.isBefore(sale.close)) {
            return "SALES_CLOSED";
        }
        return isTooMuch(sale, user, quantity) ? "USER_LIMIT_REACHED" : "";
    }

    private boolean isTooMuch(Sale sale, String user, int quantity) {
        int has = quantity;
        for (Seats taken : seats) {
            if (taken.areTaken() && taken.event.equals(sale.id) && taken.user.equals(user)) {
                has += taken.quantity;
            }
        }
        return sale.limit.isPresent() && has > sale.limit.getAsInt();
    }

    private String confirm(Confirm confirm) {
        Seats named = named(confirm.bookingId(), confirm.eventId());
        if (named == null) {
            return "BOOKING_NOT_FOUND";
        }
        if (!named.status.equals("HELD")) {
            return whyEnded(named);
        }
        named.status = "CONFIRMED";
        changed(named.event);
        return "accepted CONFIRMED";
    }

    private String cancel(Cancel cancel) {
        Seats named = named(cancel.bookingId(), cancel.eventId());
        if (named == null) {
            return "BOOKING_NOT_FOUND";
        }
        if (cancel.userId().isPresent() && !cancel.userId().get().equals(named.user)) {
            return "NOT_THE_OWNER";
        }
        if (!named.areTaken()) {
            return whyEnded(named);
        }
        named.status = "CANCELLED";
        changed(named.event);
        return "accepted CANCELLED";
    }

    private String expire(ExpireHold expire) {
        Seats named = named(expire.bookingId(), expire.eventId());
        if (named == null) {
            return "BOOKING_NOT_FOUND";
        }
        if (named.status.equals("EXPIRED")) {
            return "accepted EXPIRED";
        }
        return named.status.equals("HELD") ? "HOLD_NOT_EXPIRED" : whyEnded(named);
    }

    private static String whyEnded(Seats named) {
        return switch (named.status) {
            case "CANCELLED" -> "BOOKING_CANCELLED";
            case "EXPIRED" -> "HOLD_EXPIRED";
            default -> "ALREADY_CONFIRMED";
        };
    }

    private String join(JoinWaitlist join, Sale sale, Instant at) {
        String refusal = notOnSale(sale, join.userId(), join.quantity(), at);
        if (!refusal.isEmpty()) {
            return refusal;
        }
        if (join.quantity() > sale.capacity) {
            return "NOT_ENOUGH_SEATS";
        }
        if (own(sale, join.userId()).isPresent()) {
            return "ALREADY_ON_WAITLIST";
        }
        if (open(sale, join.userId(), join.quantity()) >= join.quantity()) {
            return "SEATS_AVAILABLE";
        }
        line.add(join);
        changed(sale.id);
        long place = line.stream()
                .filter(waiting -> waiting.eventId().equals(sale.id))
                .count();
        return "accepted place " + place;
    }

    private String leave(LeaveWaitlist leave, Sale sale) {
        Optional<JoinWaitlist> own = own(sale, leave.userId());
        if (own.isEmpty()) {
            return "NOT_ON_WAITLIST";
        }
        line.remove(own.get());
        changed(sale.id);
        return "accepted";
    }

    private Optional<JoinWaitlist> own(Sale sale, String user) {
        return line.stream()
                .filter(waiting ->
                        waiting.eventId().equals(sale.id) && waiting.userId().equals(user))
                .findFirst();
    }

    /** What is left for this user, when those in the line who come first have been served in their order. */
    private int open(Sale sale, String user, int quantity) {
        int open = left(sale);
        for (JoinWaitlist waiting : line) {
            if (waiting.eventId().equals(sale.id)) {
                if (!waiting.userId().equals(user)) {
                    boolean canHaveThem =
                            waiting.quantity() <= open && !isTooMuch(sale, waiting.userId(), waiting.quantity());
                    open -= canHaveThem ? waiting.quantity() : 0;
                } else if (quantity <= waiting.quantity()) {
                    return open;
                }
            }
        }
        return open;
    }

    private boolean isTakenByAnother(String venue, Instant date, String event) {
        for (Sale other : sales) {
            if (!other.id.equals(event) && other.venue.equals(venue) && other.date.equals(date)) {
                return true;
            }
        }
        return false;
    }

    private int left(Sale sale) {
        return sale.capacity - taken(sale, "HELD") - taken(sale, "CONFIRMED");
    }

    private int taken(Sale sale, String status) {
        int taken = 0;
        for (Seats some : seats) {
            if (some.event.equals(sale.id) && some.status.equals(status)) {
                taken += some.quantity;
            }
        }
        return taken;
    }

    private @Nullable Sale sale(String id) {
        return sales.stream().filter(sale -> sale.id.equals(id)).findFirst().orElse(null);
    }

    private @Nullable Seats named(UUID id, String event) {
        return seats.stream()
                .filter(some -> some.id.equals(id) && some.event.equals(event))
                .findFirst()
                .orElse(null);
    }

    private void changed(String event) {
        sales.stream().filter(sale -> sale.id.equals(event)).forEach(sale -> sale.version++);
    }
}
