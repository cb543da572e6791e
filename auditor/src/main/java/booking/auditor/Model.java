package booking.auditor;

import static booking.schemas.result.Reason.ALREADY_BOOKED;
import static booking.schemas.result.Reason.ALREADY_CONFIRMED;
import static booking.schemas.result.Reason.ALREADY_ON_WAITLIST;
import static booking.schemas.result.Reason.BOOKING_CANCELLED;
import static booking.schemas.result.Reason.BOOKING_NOT_FOUND;
import static booking.schemas.result.Reason.CAPACITY_BELOW_TAKEN;
import static booking.schemas.result.Reason.COMMAND_ID_REUSED;
import static booking.schemas.result.Reason.EVENT_CLOSED;
import static booking.schemas.result.Reason.EVENT_EXISTS;
import static booking.schemas.result.Reason.EVENT_NOT_FOUND;
import static booking.schemas.result.Reason.HOLD_EXPIRED;
import static booking.schemas.result.Reason.HOLD_NOT_EXPIRED;
import static booking.schemas.result.Reason.INVALID_COMMAND;
import static booking.schemas.result.Reason.NOT_ENOUGH_SEATS;
import static booking.schemas.result.Reason.NOT_ON_WAITLIST;
import static booking.schemas.result.Reason.NOT_THE_OWNER;
import static booking.schemas.result.Reason.SALES_CLOSED;
import static booking.schemas.result.Reason.SALES_NOT_OPEN;
import static booking.schemas.result.Reason.SEATS_AVAILABLE;
import static booking.schemas.result.Reason.SOLD_OUT;
import static booking.schemas.result.Reason.TIME_SLOT_TAKEN;
import static booking.schemas.result.Reason.USER_LIMIT_REACHED;
import static booking.schemas.result.Reason.VERSION_CONFLICT;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.ExpireHold;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import booking.schemas.command.LeaveWaitlist;
import booking.schemas.command.UpdateEvent;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.Reason;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the contract, written down a second time and as simply as they can be said: one command after the other,
 * each on what the one before left. Fed a partition's commands in the order of their offsets it says what each result
 * must be.
 *
 * <p>Two things cannot be known from a partition alone: whether an event that was decided on another one had the wanted
 * venue and date at that moment, and whether a booking there has a command's id. There the published result is believed, and
 * noted until all partitions are known.
 */
final class Model {
    private static final char SEPARATOR = '\0';
    private static final char AFTER_SEPARATOR = '\1';
    /** Before all places. */
    private static final long NO_PLACE = -1;

    private final MVMap<String, EventState> events;
    private final MVMap<UUID, BookingState> bookings;
    /** Holds by event and end. */
    private final MVMap<String, UUID> holds;
    /** Seats by event and user. */
    private final MVMap<String, Long> seats;
    /** Those who wait by event and place. */
    private final MVMap<String, WaitingState> lines;

    /** Places by event, quantity and place: a long line need not be gone through to find whom the free seats are enough for. */
    private final MVMap<String, Long> placesByQuantity;

    private final MVMap<UUID, WaitingState> waitingById;
    /** Places by event and user. */
    private final MVMap<String, Long> places;
    /** Events by partition, venue and date. */
    private final MVMap<String, String> slots;
    /** By venue, date and event: the partition of an event that has had this slot at some time. */
    private final MVMap<String, Integer> slotsEver;

    private final MVMap<Dispositions.Source, SlotClaim> slotClaims;
    /** Ids of commands that were refused as bookings had them, where no booking of their own partition does. */
    private final MVMap<Dispositions.Source, UUID> reuses;

    private long concessions;

    /** A refusal for a slot that only an event of another partition can have had. */
    record SlotClaim(UUID commandId, String eventId, String slot) {
        private static final ScratchType<SlotClaim> TYPE = new ScratchType<>(
                250,
                (to, claim) -> {
                    ScratchType.putId(to, claim.commandId);
                    ScratchType.putText(to, claim.eventId);
                    ScratchType.putText(to, claim.slot);
                },
                from -> new SlotClaim(ScratchType.id(from), ScratchType.text(from), ScratchType.text(from)));
    }

    Model(Scratch scratch) {
        StringDataType texts = StringDataType.INSTANCE;
        events = scratch.map("events", texts, EventState.TYPE);
        bookings = scratch.map("bookings", ScratchType.UUIDS, BookingState.TYPE);
        holds = scratch.map("holds", texts, ScratchType.UUIDS);
        seats = scratch.map("seats", texts, org.h2.mvstore.type.LongDataType.INSTANCE);
        lines = scratch.map("lines", texts, WaitingState.TYPE);
        placesByQuantity = scratch.map("places-by-quantity", texts, org.h2.mvstore.type.LongDataType.INSTANCE);
        waitingById = scratch.map("waiting", ScratchType.UUIDS, WaitingState.TYPE);
        places = scratch.map("places", texts, org.h2.mvstore.type.LongDataType.INSTANCE);
        slots = scratch.map("slots", texts, texts);
        slotClaims = scratch.map("slot-claims", Dispositions.Source.TYPE, SlotClaim.TYPE);
        reuses = scratch.map("reuses", Dispositions.Source.TYPE, ScratchType.UUIDS);
        slotsEver = scratch.map(
                "slots-ever",
                texts,
                new ScratchType<>(
                        24, (to, partition) -> to.putVarInt(partition), org.h2.mvstore.DataUtils::readVarInt));
    }

    /** Events by id, in the order of their ids' characters. */
    MVMap<String, EventState> events() {
        return events;
    }

    /** Bookings by id, in the order in which PostgreSQL has them. */
    MVMap<UUID, BookingState> bookings() {
        return bookings;
    }

    /** Those who wait, by id in the order in which PostgreSQL has them. */
    MVMap<UUID, WaitingState> waitingById() {
        waitingById.clear();
        lines.values().forEach(waiting -> waitingById.put(waiting.id(), waiting));
        return waitingById;
    }

    /** Commands that were refused with VERSION_CONFLICT, as another writer was at work, where the rules see no reason. */
    long concessions() {
        return concessions;
    }

    /** Refusals for a slot that no event of the command's own partition had, and that no other ever had. */
    void forEachUnfoundedSlotClaim(BiConsumer<Dispositions.Source, SlotClaim> action) {
        slotClaims.forEach((source, claim) -> {
            if (!isFounded(source.partition(), claim)) {
                action.accept(source, claim);
            }
        });
    }

    /** Refusals of commands as bookings had their ids, where none ever had. */
    void forEachUnfoundedReuse(BiConsumer<Dispositions.Source, UUID> action) {
        reuses.forEach((source, commandId) -> {
            if (!bookings.containsKey(commandId)) {
                action.accept(source, commandId);
            }
        });
    }

    private boolean isFounded(int partition, SlotClaim claim) {
        Iterator<String> had = slotsEver.keyIterator(claim.slot + SEPARATOR);
        while (had.hasNext()) {
            String key = had.next();
            if (!key.startsWith(claim.slot + SEPARATOR)) {
                return false;
            }
            boolean another = !key.substring(claim.slot.length() + 1).equals(claim.eventId);
            // A partition's own events are known, and none of them had the slot.
            if (another && !Objects.equals(slotsEver.get(key), partition)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Decides the next command of a partition.
     *
     * @param at the time that the log gave the command
     * @param published the result, where there is one
     * @return the fields that the result must have
     */
    Map<String, String> decide(
            int partition, long offset, Command command, Instant at, Optional<Disposition> published) {
        EventState found = events.get(command.eventId());
        boolean othersAtWork = published.isPresent() && published.get().isRefusedFor(VERSION_CONFLICT.name());
        boolean slotSaidTaken = published.isPresent() && published.get().isRefusedFor(TIME_SLOT_TAKEN.name());
        // Who gives way to another writer has not even ended the holds that have run out.
        boolean holdsLeftAlone = found != null
                && (othersAtWork || slotSaidTaken)
                && Long.toString(found.version()).equals(published.orElseThrow().field(ResultFields.VERSION));
        if (!holdsLeftAlone) {
            endHoldsThatHaveRunOut(command.eventId(), at);
        }
        EventState event = events.get(command.eventId());
        Reason refusal = refusal(partition, command, event, at);
        if (othersAtWork && refusal != VERSION_CONFLICT) {
            concessions++;
            refusal = VERSION_CONFLICT;
        }
        boolean idSaidUsed = published.isPresent() && published.get().isRefusedFor(COMMAND_ID_REUSED.name());
        if (idSaidUsed && refusal != COMMAND_ID_REUSED && (command instanceof Book || command instanceof Hold)) {
            reuses.put(new Dispositions.Source(partition, offset, 0), command.commandId());
            refusal = COMMAND_ID_REUSED;
        }
        if (slotSaidTaken && refusal != TIME_SLOT_TAKEN && isSlotInQuestion(command, event, refusal)) {
            slotClaims.put(
                    new Dispositions.Source(partition, offset, 0),
                    new SlotClaim(
                            command.commandId(),
                            command.eventId(),
                            wantedSlot(command, event).orElseThrow()));
            refusal = TIME_SLOT_TAKEN;
        }
        Map<String, String> result = new LinkedHashMap<>();
        result.put(ResultFields.KEY, command.eventId());
        result.put(ResultFields.TYPE, command.type().wireName());
        result.put(ResultFields.COMMAND_ID, command.commandId().toString());
        result.put(ResultFields.EVENT_ID, command.eventId());
        result.put(ResultFields.PARTITION, Integer.toString(partition));
        result.put(ResultFields.OFFSET, Long.toString(offset));
        result.put(ResultFields.DECIDED_AT, at.toString());
        if (refusal != null) {
            result.put(ResultFields.OUTCOME, "REJECTED");
            result.put(ResultFields.REASON, refusal.name());
            askedInto(result, command);
        } else {
            result.put(ResultFields.OUTCOME, "ACCEPTED");
            carryOut(partition, command, event, at, result);
        }
        EventState after = events.get(command.eventId());
        if (after != null) {
            after.snapshotInto(result);
        }
        return result;
    }

    /** What a command names, as its refusal repeats it. */
    static void askedInto(Map<String, String> result, Command command) {
        switch (command.type()) {
            case BOOK -> seatsInto(result, ((Book) command).userId(), ((Book) command).quantity());
            case HOLD -> seatsInto(result, ((Hold) command).userId(), ((Hold) command).quantity());
            case JOIN_WAITLIST ->
                seatsInto(result, ((JoinWaitlist) command).userId(), ((JoinWaitlist) command).quantity());
            case LEAVE_WAITLIST ->
                seatsInto(result, ((LeaveWaitlist) command).userId(), ((LeaveWaitlist) command).quantity());
            case CONFIRM, EXPIRE_HOLD ->
                result.put(ResultFields.BOOKING_ID, namedBooking(command).toString());
            case CANCEL -> {
                result.put(ResultFields.BOOKING_ID, namedBooking(command).toString());
                ((Cancel) command).userId().ifPresent(user -> result.put(ResultFields.USER_ID, user));
            }
            case CREATE_EVENT, UPDATE_EVENT, CLOSE_EVENT -> {}
        }
    }

    private static void seatsInto(Map<String, String> result, String userId, int quantity) {
        result.put(ResultFields.USER_ID, userId);
        result.put(ResultFields.QUANTITY, Integer.toString(quantity));
    }

    private static UUID namedBooking(Command command) {
        return switch (command.type()) {
            case CONFIRM -> ((Confirm) command).bookingId();
            case CANCEL -> ((Cancel) command).bookingId();
            case EXPIRE_HOLD -> ((ExpireHold) command).bookingId();
            default -> throw new IllegalArgumentException(command.type() + " names no booking");
        };
    }

    private @Nullable Reason refusal(int partition, Command command, @Nullable EventState event, Instant at) {
        return switch (command.type()) {
            case CREATE_EVENT -> refuseCreate(partition, (CreateEvent) command, event);
            case UPDATE_EVENT -> refuseUpdate(partition, (UpdateEvent) command, event);
            case CLOSE_EVENT -> {
                Reason reason = refuseEvent(command, event);
                yield reason == null && !present(event).open() ? EVENT_CLOSED : reason;
            }
            case BOOK, HOLD -> {
                // Only when its outcome is no longer kept; else it is a repetition.
                if (bookings.containsKey(command.commandId())) {
                    yield COMMAND_ID_REUSED;
                }
                Reason reason = refuseSale(command, event, at);
                yield reason == null ? refuseSeats(command, present(event)) : reason;
            }
            case CONFIRM, CANCEL, EXPIRE_HOLD -> {
                Reason reason = refuseEvent(command, event);
                yield reason == null ? refuseBooking(command) : reason;
            }
            case JOIN_WAITLIST -> {
                Reason reason = refuseSale(command, event, at);
                yield reason == null ? refuseJoin((JoinWaitlist) command, present(event)) : reason;
            }
            case LEAVE_WAITLIST -> {
                Reason reason = refuseEvent(command, event);
                boolean waits = places.containsKey(key(command.eventId(), ((LeaveWaitlist) command).userId()));
                yield reason == null && !waits ? NOT_ON_WAITLIST : reason;
            }
        };
    }

    private @Nullable Reason refuseCreate(int partition, CreateEvent command, @Nullable EventState event) {
        if (event != null) {
            return EVENT_EXISTS;
        }
        return isTaken(partition, command, null) ? TIME_SLOT_TAKEN : null;
    }

    private @Nullable Reason refuseUpdate(int partition, UpdateEvent command, @Nullable EventState event) {
        if (event != null && neverOpens(command, event)) {
            return INVALID_COMMAND;
        }
        if (isTaken(partition, command, event)) {
            return TIME_SLOT_TAKEN;
        }
        Reason reason = refuseEvent(command, event);
        if (reason != null) {
            return reason;
        }
        int taken = present(event).confirmed() + present(event).held();
        return command.capacity().orElse(Integer.MAX_VALUE) < taken ? CAPACITY_BELOW_TAKEN : null;
    }

    private static boolean neverOpens(UpdateEvent command, EventState event) {
        Instant opens = command.salesOpenAt().orElse(event.salesOpenAt());
        Instant closes = command.salesCloseAt().orElse(event.salesCloseAt());
        return opens != null && closes != null && !opens.isBefore(closes);
    }

    private static @Nullable Reason refuseEvent(Command command, @Nullable EventState event) {
        if (event == null) {
            return EVENT_NOT_FOUND;
        }
        return command.expectedVersion().orElse(event.version()) != event.version() ? VERSION_CONFLICT : null;
    }

    private @Nullable Reason refuseBooking(Command command) {
        BookingState booking = bookings.get(namedBooking(command));
        if (booking == null || !booking.eventId().equals(command.eventId())) {
            return BOOKING_NOT_FOUND;
        }
        if (command instanceof Cancel cancel
                && !cancel.userId().orElse(booking.userId()).equals(booking.userId())) {
            return NOT_THE_OWNER;
        }
        boolean expires = command instanceof ExpireHold;
        return switch (booking.status()) {
            case CANCELLED -> BOOKING_CANCELLED;
            case EXPIRED -> expires ? null : HOLD_EXPIRED;
            case CONFIRMED -> command instanceof Cancel ? null : ALREADY_CONFIRMED;
            case HELD -> expires ? HOLD_NOT_EXPIRED : null;
        };
    }

    private @Nullable Reason refuseSale(Command command, @Nullable EventState found, Instant at) {
        Reason reason = refuseEvent(command, found);
        if (reason != null) {
            return reason;
        }
        EventState event = present(found);
        if (!event.open()) {
            return EVENT_CLOSED;
        }
        if (event.salesOpenAt() != null && at.isBefore(event.salesOpenAt())) {
            return SALES_NOT_OPEN;
        }
        if (event.salesCloseAt() != null && !at.isBefore(event.salesCloseAt())) {
            return SALES_CLOSED;
        }
        Wish wish = Wish.of(command);
        boolean tooMany = event.limit() > 0 && seatsOf(command.eventId(), wish.userId) + wish.quantity > event.limit();
        return tooMany ? USER_LIMIT_REACHED : null;
    }

    private @Nullable Reason refuseSeats(Command command, EventState event) {
        Wish wish = Wish.of(command);
        long open = seatsOpenTo(command.eventId(), event, wish);
        if (open == 0) {
            return event.capacity() == 1 ? ALREADY_BOOKED : SOLD_OUT;
        }
        if (wish.quantity > open) {
            return NOT_ENOUGH_SEATS;
        }
        if (command instanceof Hold hold && hold.waitlistId().isPresent()) {
            WaitingState own = ownPlace(command.eventId(), wish.userId);
            return own == null || !own.id().equals(hold.waitlistId().get()) ? NOT_ON_WAITLIST : null;
        }
        return null;
    }

    private @Nullable Reason refuseJoin(JoinWaitlist command, EventState event) {
        if (command.quantity() > event.capacity()) {
            return NOT_ENOUGH_SEATS;
        }
        if (ownPlace(command.eventId(), command.userId()) != null) {
            return ALREADY_ON_WAITLIST;
        }
        return command.quantity() <= seatsOpenTo(command.eventId(), event, Wish.of(command)) ? SEATS_AVAILABLE : null;
    }

    /** Who wants how many seats. */
    private record Wish(String userId, int quantity) {
        static Wish of(Command command) {
            return switch (command.type()) {
                case BOOK -> new Wish(((Book) command).userId(), ((Book) command).quantity());
                case HOLD -> new Wish(((Hold) command).userId(), ((Hold) command).quantity());
                case JOIN_WAITLIST -> new Wish(((JoinWaitlist) command).userId(), ((JoinWaitlist) command).quantity());
                default -> throw new IllegalArgumentException(command.type() + " wants no seats");
            };
        }
    }

    /**
     * The free seats that are not for somebody in the line. Seats are for the first in the line whom they are enough for
     * and who may have them. Who waits has to stand back only for those who wait longer, unless it wants more now than
     * what it waits for.
     */
    private long seatsOpenTo(String eventId, EventState event, Wish wish) {
        if (event.waiting() == 0 || event.available() == 0) {
            return event.available();
        }
        WaitingState own = ownPlace(eventId, wish.userId);
        if (own == null) {
            return freeAfterServing(eventId, event, Long.MAX_VALUE, NO_PLACE);
        }
        long freeAtOwn = freeAfterServing(eventId, event, own.place(), NO_PLACE);
        if (wish.quantity <= own.quantity()) {
            return freeAtOwn;
        }
        boolean ownIsServed = canBeServed(event, own, freeAtOwn);
        return freeAfterServing(eventId, event, Long.MAX_VALUE, ownIsServed ? own.place() : NO_PLACE);
    }

    /** The seats that are left when all have theirs who are in the line before a place, but for one who is passed over. */
    private long freeAfterServing(String eventId, EventState event, long before, long passedOver) {
        long free = event.available();
        long last = NO_PLACE;
        while (free > 0) {
            long enoughFor = event.limit() == 0 ? free : Math.min(free, event.limit());
            long next = nextPlace(eventId, enoughFor, last);
            if (next >= before) {
                break;
            }
            WaitingState waiting = present(lines.get(lineKey(eventId, next)));
            if (next != passedOver && canBeServed(event, waiting, free)) {
                free -= waiting.quantity();
            }
            last = next;
        }
        return free;
    }

    /** The next place in a line after this one of somebody who waits for at most so many seats; the greatest number if none. */
    private long nextPlace(String eventId, long mostSeats, long after) {
        long next = Long.MAX_VALUE;
        long quantity = nextQuantity(eventId, 1);
        while (quantity <= mostSeats) {
            String first = placesByQuantity.ceilingKey(quantityKey(eventId, quantity, after + 1));
            if (first != null && first.startsWith(quantityKey(eventId, quantity))) {
                next = Math.min(next, present(placesByQuantity.get(first)));
            }
            quantity = nextQuantity(eventId, quantity + 1);
        }
        return next;
    }

    /** The least quantity from this one on that somebody waits for; the greatest number if there is none. */
    private long nextQuantity(String eventId, long least) {
        String key = placesByQuantity.ceilingKey(quantityKey(eventId, least));
        int from = eventId.length() + 1;
        return key != null && key.startsWith(eventId + SEPARATOR)
                ? Long.parseLong(key.substring(from, key.indexOf(SEPARATOR, from)))
                : Long.MAX_VALUE;
    }

    private boolean canBeServed(EventState event, WaitingState waiting, long free) {
        return waiting.quantity() <= free
                && (event.limit() == 0
                        || seatsOf(waiting.eventId(), waiting.userId()) + waiting.quantity() <= event.limit());
    }

    private long seatsOf(String eventId, String userId) {
        Long taken = seats.get(key(eventId, userId));
        return taken == null ? 0 : taken;
    }

    private @Nullable WaitingState ownPlace(String eventId, String userId) {
        Long place = places.get(key(eventId, userId));
        return place == null ? null : lines.get(lineKey(eventId, place));
    }

    private void carryOut(
            int partition, Command command, @Nullable EventState found, Instant at, Map<String, String> result) {
        String eventId = command.eventId();
        switch (command.type()) {
            case CREATE_EVENT -> create(partition, (CreateEvent) command, at);
            case UPDATE_EVENT -> update(partition, (UpdateEvent) command, present(found), at);
            case CLOSE_EVENT -> events.put(eventId, present(found).closed(at));
            case BOOK -> takeSeats(command, present(found), BookingStatus.CONFIRMED, null, at, result);
            case HOLD ->
                takeSeats(
                        command,
                        present(found),
                        BookingStatus.HELD,
                        at.plusSeconds(((Hold) command).holdSeconds()),
                        at,
                        result);
            case CONFIRM -> {
                UUID id = namedBooking(command);
                BookingState booking = present(bookings.get(id));
                endHold(id, booking);
                events.put(eventId, present(found).changed(booking.quantity(), -booking.quantity(), 0, at));
                save(id, booking.ended(BookingStatus.CONFIRMED, at), result);
            }
            case CANCEL -> {
                UUID id = namedBooking(command);
                BookingState booking = present(bookings.get(id));
                boolean held = booking.status() == BookingStatus.HELD;
                if (held) {
                    endHold(id, booking);
                }
                addSeats(eventId, booking.userId(), -booking.quantity());
                events.put(
                        eventId,
                        present(found).changed(held ? 0 : -booking.quantity(), held ? -booking.quantity() : 0, 0, at));
                save(id, booking.ended(BookingStatus.CANCELLED, at), result);
            }
            // Its holds that have run out were ended before, as before every command.
            case EXPIRE_HOLD ->
                bookingInto(result, namedBooking(command), present(bookings.get(namedBooking(command))));
            case JOIN_WAITLIST -> {
                Wish wish = Wish.of(command);
                EventState event = present(found).changed(0, 0, 1, at);
                events.put(eventId, event);
                joinLine(new WaitingState(
                        command.commandId(), eventId, wish.userId, wish.quantity, event.version(), at));
                seatsInto(result, wish.userId, wish.quantity);
                result.put(ResultFields.WAITLIST_POSITION, Integer.toString(event.waiting()));
            }
            case LEAVE_WAITLIST -> {
                String userId = ((LeaveWaitlist) command).userId();
                WaitingState own = present(ownPlace(eventId, userId));
                leaveLine(own);
                events.put(eventId, present(found).changed(0, 0, -1, at));
                seatsInto(result, userId, own.quantity());
            }
        }
    }

    private void create(int partition, CreateEvent command, Instant at) {
        EventState event = new EventState(
                command.name(),
                command.date(),
                command.venue(),
                true,
                1,
                command.capacity(),
                0,
                0,
                0,
                command.perUserLimit().orElse(0),
                command.salesOpenAt().orElse(null),
                command.salesCloseAt().orElse(null),
                at,
                at);
        events.put(command.eventId(), event);
        takeSlot(partition, command.eventId(), slot(event));
    }

    private void update(int partition, UpdateEvent command, EventState event, Instant at) {
        EventState updated = new EventState(
                command.name().orElse(event.name()),
                command.date().orElse(event.date()),
                command.venue().orElse(event.venue()),
                event.open(),
                event.version() + 1,
                command.capacity().orElse(event.capacity()),
                event.confirmed(),
                event.held(),
                event.waiting(),
                command.perUserLimit().orElse(event.limit()),
                command.salesOpenAt().orElse(event.salesOpenAt()),
                command.salesCloseAt().orElse(event.salesCloseAt()),
                event.createdAt(),
                at);
        slots.remove(slotOf(partition, slot(event)));
        events.put(command.eventId(), updated);
        takeSlot(partition, command.eventId(), slot(updated));
    }

    private void takeSlot(int partition, String eventId, String slot) {
        slots.put(slotOf(partition, slot), eventId);
        slotsEver.put(slot + SEPARATOR + eventId, partition);
    }

    /** Whoever gets seats has no need to wait any longer. */
    private void takeSeats(
            Command command,
            EventState event,
            BookingStatus status,
            @Nullable Instant holdExpiresAt,
            Instant at,
            Map<String, String> result) {
        Wish wish = Wish.of(command);
        String eventId = command.eventId();
        WaitingState own = ownPlace(eventId, wish.userId);
        if (own != null) {
            leaveLine(own);
        }
        boolean held = holdExpiresAt != null;
        events.put(
                eventId, event.changed(held ? 0 : wish.quantity, held ? wish.quantity : 0, own == null ? 0 : -1, at));
        addSeats(eventId, wish.userId, wish.quantity);
        if (holdExpiresAt != null) {
            holds.put(holdKey(eventId, holdExpiresAt, command.commandId()), command.commandId());
        }
        save(
                command.commandId(),
                new BookingState(eventId, wish.userId, wish.quantity, status, holdExpiresAt, at, at),
                result);
    }

    private void endHoldsThatHaveRunOut(String eventId, Instant at) {
        EventState event = events.get(eventId);
        if (event == null || event.held() == 0) {
            return;
        }
        String first = holds.ceilingKey(eventId + SEPARATOR);
        while (first != null && first.compareTo(holdKey(eventId, at)) <= 0) {
            UUID id = present(holds.get(first));
            BookingState booking = present(bookings.get(id));
            endHold(id, booking);
            addSeats(eventId, booking.userId(), -booking.quantity());
            bookings.put(id, booking.ended(BookingStatus.EXPIRED, present(booking.holdExpiresAt())));
            events.put(eventId, present(events.get(eventId)).changed(0, -booking.quantity(), 0, at));
            first = holds.ceilingKey(eventId + SEPARATOR);
        }
    }

    private void endHold(UUID id, BookingState booking) {
        holds.remove(holdKey(booking.eventId(), present(booking.holdExpiresAt()), id));
    }

    private void addSeats(String eventId, String userId, int more) {
        String key = key(eventId, userId);
        long now = seatsOf(eventId, userId) + more;
        if (now == 0) {
            seats.remove(key);
        } else {
            seats.put(key, now);
        }
    }

    private void joinLine(WaitingState own) {
        lines.put(lineKey(own.eventId(), own.place()), own);
        placesByQuantity.put(quantityKey(own.eventId(), own.quantity(), own.place()), own.place());
        places.put(key(own.eventId(), own.userId()), own.place());
    }

    private void leaveLine(WaitingState own) {
        lines.remove(lineKey(own.eventId(), own.place()));
        placesByQuantity.remove(quantityKey(own.eventId(), own.quantity(), own.place()));
        places.remove(key(own.eventId(), own.userId()));
    }

    private void save(UUID id, BookingState booking, Map<String, String> result) {
        bookings.put(id, booking);
        bookingInto(result, id, booking);
    }

    private static void bookingInto(Map<String, String> result, UUID id, BookingState booking) {
        result.put(ResultFields.BOOKING_ID, id.toString());
        result.put(ResultFields.STATUS, booking.status().name());
        seatsInto(result, booking.userId(), booking.quantity());
        if (booking.holdExpiresAt() != null) {
            result.put(ResultFields.HOLD_EXPIRES_AT, booking.holdExpiresAt().toString());
        }
    }

    private boolean isTaken(int partition, Command command, @Nullable EventState event) {
        return wantedSlot(command, event)
                .map(slot -> slots.get(slotOf(partition, slot)))
                .filter(holder -> !holder.equals(command.eventId()))
                .isPresent();
    }

    /** Whether the checks got as far as the slot, and one is wanted. */
    private static boolean isSlotInQuestion(Command command, @Nullable EventState event, @Nullable Reason refusal) {
        boolean before = refusal == EVENT_EXISTS || refusal == INVALID_COMMAND;
        return !before && wantedSlot(command, event).isPresent();
    }

    private static Optional<String> wantedSlot(Command command, @Nullable EventState event) {
        if (command instanceof CreateEvent create) {
            return Optional.of(slot(create.venue(), create.date()));
        }
        if (command instanceof UpdateEvent update) {
            String venue = update.venue().orElse(event == null ? null : event.venue());
            Instant date = update.date().orElse(event == null ? null : event.date());
            return venue == null || date == null ? Optional.empty() : Optional.of(slot(venue, date));
        }
        return Optional.empty();
    }

    private static String slot(EventState event) {
        return slot(event.venue(), event.date());
    }

    private static String slot(String venue, Instant date) {
        return venue + SEPARATOR + date;
    }

    private static String slotOf(int partition, String slot) {
        return partition + "" + SEPARATOR + slot;
    }

    private static String key(String eventId, String userId) {
        return eventId + SEPARATOR + userId;
    }

    private static String lineKey(String eventId, long place) {
        return eventId + SEPARATOR + sortable(place);
    }

    private static String quantityKey(String eventId, long quantity, long place) {
        return quantityKey(eventId, quantity) + sortable(place);
    }

    /** What the keys of all begin with who wait for so many seats. */
    private static String quantityKey(String eventId, long quantity) {
        return eventId + SEPARATOR + sortable(quantity) + SEPARATOR;
    }

    private static String holdKey(String eventId, Instant end, UUID id) {
        return eventId + SEPARATOR + sortable(ScratchType.micros(end)) + SEPARATOR + id;
    }

    /** Greater than the keys of all holds that end by then. */
    private static String holdKey(String eventId, Instant end) {
        return eventId + SEPARATOR + sortable(ScratchType.micros(end)) + AFTER_SEPARATOR;
    }

    /** Kafka's times and versions are never negative. */
    private static String sortable(long number) {
        return String.format("%019d", number);
    }

    private static <T> T present(@Nullable T value) {
        return Objects.requireNonNull(value, "the rules have looked whether it is there");
    }
}
