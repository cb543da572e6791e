package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.schemas.command.Book;
import booking.schemas.command.Command;
import booking.schemas.command.CommandType;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import booking.schemas.command.UpdateEvent;
import booking.schemas.result.Accepted;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens by itself as time goes by: holds run out, free seats are offered to those who wait. */
class FollowUpIT {
    private static final ResultDecoder RESULTS = new ResultDecoder();

    private final BookingSystem system = new BookingSystem(Map.of("BOOKING_TOPICS_PARTITIONS", "2"));
    private final String event = Commands.newEventId();

    @AfterEach
    void stop() {
        system.close();
    }

    @Test
    void aHoldThatIsNotConfirmedRunsOut() {
        var unused = system.startProcessor();
        Hold hold = Commands.hold(event, "alice", 2, 1);
        system.write(Commands.event(event, 3), hold);

        awaitStatus(hold.commandId(), "EXPIRED");

        assertThat(system.count("SELECT held FROM events WHERE id = ?", event)).isZero();
        List<Accepted> ends = accepted(CommandType.EXPIRE_HOLD);
        assertThat(ends).isNotEmpty().allSatisfy(end -> {
            assertThat(end.booking()).contains(hold.commandId());
            assertThat(end.changed().orElseThrow().status()).isEqualTo(BookingStatus.EXPIRED);
            assertThat(end.snapshot().available()).isEqualTo(3);
        });
    }

    @Test
    void holdsThatRanOutWhileNobodyLookedAreEndedAtTheNextStart() {
        ProcessorApplication processor = system.startProcessor();
        Hold hold = Commands.hold(event, "alice", 2, 1);
        system.write(Commands.event(event, 3), hold);
        Result held = system.result(hold.commandId());
        system.stop(processor);
        Instant end = ((Accepted) held).changed().orElseThrow().holdExpiresAt().orElseThrow();
        await().until(() -> Instant.now().isAfter(end));

        var unused = system.startProcessor();

        awaitStatus(hold.commandId(), "EXPIRED");
    }

    @Test
    void twoProcessorsThatFindTheSameHoldsEndEachOnce() {
        var one = system.startProcessor();
        var other = system.startProcessor();
        await().atMost(BookingSystem.PATIENCE).until(() -> one.isReady() && other.isReady());
        List<Command> commands = new ArrayList<>(List.of(Commands.event(event, 100)));
        for (int i = 0; i < 50; i++) {
            commands.add(Commands.hold(event, "user-" + i, 2, 1));
        }
        system.write(commands);

        await().atMost(BookingSystem.PATIENCE)
                .until(() ->
                        system.count("SELECT count(*) FROM bookings WHERE event_id = ? AND status = 'EXPIRED'", event)
                                == 50);
        system.awaitAllDecided();

        assertThat(system.count("SELECT held FROM events WHERE id = ?", event)).isZero();
        // Made, held fifty times, ended fifty times: an end that was written twice changed nothing the second time.
        assertThat(system.count("SELECT version FROM events WHERE id = ?", event))
                .isEqualTo(101);
        await().atMost(BookingSystem.PATIENCE).until(() -> one.isReady() && other.isReady());
    }

    @Test
    void aSeatThatIsGivenBackIsOfferedToTheHeadOfTheLine() {
        var unused = system.startProcessor();
        Book alices = Commands.book(event, "alice");
        JoinWaitlist bobs = Commands.join(event, "bob", 1);
        JoinWaitlist carols = Commands.join(event, "carol", 1);
        system.write(Commands.event(event, 1), alices, bobs, carols, Commands.cancel(event, alices.commandId()));

        UUID offered = awaitBooking("bob", "HELD");

        Accepted result = (Accepted) system.result(offered);
        assertThat(result.type()).isEqualTo(CommandType.HOLD);
        assertThat(result.userId()).contains("bob");
        Duration lasts = Duration.between(
                result.decidedAt(),
                result.changed().orElseThrow().holdExpiresAt().orElseThrow());
        assertThat(lasts).isEqualTo(Duration.ofMinutes(10));
        system.write(Commands.confirm(event, offered));
        awaitStatus(offered, "CONFIRMED");
        system.write(Commands.cancel(event, offered));
        UUID carolsOffer = awaitBooking("carol", "HELD");
        assertThat(carolsOffer).isNotEqualTo(offered);
        assertThat(system.count("SELECT count(*) FROM waitlist WHERE event_id = ?", event))
                .isZero();
        assertThat(system.count("SELECT waiting FROM events WHERE id = ?", event))
                .isZero();
    }

    @Test
    void anOfferThatRunsOutGoesToTheNext() {
        system.environment().put("BOOKING_WAITLIST_OFFER", "1s");
        var unused = system.startProcessor();
        Book alices = Commands.book(event, "alice");
        system.write(
                Commands.event(event, 1),
                alices,
                Commands.join(event, "bob", 1),
                Commands.join(event, "carol", 1),
                Commands.cancel(event, alices.commandId()));

        awaitBooking("bob", "EXPIRED");
        awaitBooking("carol", "EXPIRED");
        await().atMost(BookingSystem.PATIENCE)
                .until(() -> system.count("SELECT confirmed + held FROM events WHERE id = ?", event) == 0);
    }

    @Test
    void moreCapacityIsOfferedToAsManyAsItIsEnoughFor() {
        var unused = system.startProcessor();
        system.write(
                Commands.event(event, 3),
                Commands.book(event, "alice", 3),
                Commands.join(event, "bob", 1),
                Commands.join(event, "carol", 3),
                Commands.join(event, "dave", 1),
                capacity(5));

        awaitBooking("bob", "HELD");
        awaitBooking("dave", "HELD");
        system.awaitAllDecided();
        assertThat(waiting()).containsExactly("carol");
    }

    @Test
    void nothingIsOfferedOnceSalesAreClosed() {
        var unused = system.startProcessor();
        String later = Commands.newEventId();
        Book alices = Commands.book(event, "alice");
        Book others = Commands.book(later, "alice");
        system.write(
                Commands.event(event, 1),
                alices,
                Commands.join(event, "bob", 1),
                salesCloseAt(Instant.now().minusSeconds(1)),
                Commands.cancel(event, alices.commandId()),
                Commands.event(later, 1),
                others,
                Commands.join(later, "carol", 1));
        system.awaitAllDecided();
        system.write(Commands.cancel(later, others.commandId()));

        // When the one that came later has been served, the closed one has been passed over.
        await().atMost(BookingSystem.PATIENCE)
                .until(() ->
                        system.count("SELECT count(*) FROM bookings WHERE event_id = ? AND user_id = 'carol'", later)
                                == 1);

        assertThat(system.count("SELECT count(*) FROM bookings WHERE event_id = ? AND user_id = 'bob'", event))
                .isZero();
        assertThat(system.count("SELECT waiting FROM events WHERE id = ?", event))
                .isEqualTo(1);
    }

    private void awaitStatus(UUID bookingId, String status) {
        await().atMost(BookingSystem.PATIENCE)
                .until(() ->
                        system.count("SELECT count(*) FROM bookings WHERE id = ? AND status = ?", bookingId, status)
                                == 1);
    }

    private UUID awaitBooking(String user, String status) {
        return await().atMost(BookingSystem.PATIENCE)
                .until(
                        () -> system.sql()
                                .sql("SELECT id FROM bookings WHERE event_id = ? AND user_id = ? AND status = ?")
                                .params(event, user, status)
                                .query(UUID.class)
                                .optional(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private List<String> waiting() {
        return system.sql()
                .sql("SELECT user_id FROM waitlist WHERE event_id = ? ORDER BY place")
                .param(event)
                .query(String.class)
                .list();
    }

    private List<Accepted> accepted(CommandType type) {
        List<Accepted> found = new ArrayList<>();
        system.awaitAllDecided();
        system.committed(system.topics().results()).forEach(record -> {
            if (RESULTS.decode(record.value()) instanceof Accepted accepted && accepted.type() == type) {
                found.add(accepted);
            }
        });
        return found;
    }

    private UpdateEvent capacity(int capacity) {
        return update(OptionalInt.of(capacity), Optional.empty());
    }

    private UpdateEvent salesCloseAt(Instant close) {
        return update(OptionalInt.empty(), Optional.of(close));
    }

    private UpdateEvent update(OptionalInt capacity, Optional<Instant> close) {
        return new UpdateEvent(
                UUID.randomUUID(),
                event,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                capacity,
                OptionalInt.empty(),
                Optional.empty(),
                close,
                OptionalLong.empty());
    }
}
