package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.BookingSystem;
import booking.processor.Commands;
import booking.processor.TimeoutLadder;
import booking.processor.store.Locking;
import booking.schemas.command.Book;
import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody else is at the tables; whoever is not concerned does not notice, and who is gets an answer soon. */
class ContentionIT {
    private static final ResultDecoder RESULTS = new ResultDecoder();
    /** Less than it would take to wait for a lock once for each command of a poll. */
    private static final Duration SOON = TimeoutLadder.LOCK.multipliedBy(10);

    private final CommandLog log = new CommandLog();
    private final String contended = Commands.newEventId();
    private final String neighbour = Commands.newEventId();

    @ParameterizedTest
    @EnumSource
    void commandsForAnEventThatIsKeptLockedAreRefusedAndTheirNeighboursDecided(Locking locking) throws SQLException {
        RealDesk desk = newDesk(locking);
        CommandLog events = new CommandLog().write(0, Commands.event(contended, 9), Commands.event(neighbour, 9));
        desk.decide(events.all());
        log.write(0, Commands.book(neighbour, "a"), Commands.book(contended, "b"), Commands.book(neighbour, "c"));

        List<String> answers =
                decideWhile(newDesk(locking), "UPDATE events SET updated_at = now() WHERE id = ?", contended);

        assertThat(answers).containsExactly("accepted", "VERSION_CONFLICT", "accepted");
    }

    @ParameterizedTest
    @EnumSource
    void aSlotThatSomebodyIsAboutToTakeHoldsUpNobodyElse(Locking locking) throws SQLException {
        newDesk(locking)
                .decide(new CommandLog().write(0, Commands.event(neighbour, 9)).all());
        log.write(0, Commands.book(neighbour, "a"), Commands.event(contended, 9), Commands.book(neighbour, "c"));

        List<String> answers = decideWhile(
                newDesk(locking),
                "INSERT INTO events (id, name, date, venue) VALUES (gen_random_uuid(), 'x', '" + Commands.DATE
                        + "', ?)",
                contended);

        assertThat(answers).containsExactly("accepted", "VERSION_CONFLICT", "accepted");
    }

    @ParameterizedTest
    @EnumSource
    void aBookingThatSomebodyKeepsLockedHoldsUpNobodyElse(Locking locking) throws SQLException {
        Book booked = Commands.book(contended, "alice");
        newDesk(locking)
                .decide(new CommandLog()
                        .write(0, Commands.event(contended, 9), booked, Commands.event(neighbour, 9))
                        .all());
        log.write(
                0,
                Commands.book(neighbour, "a"),
                Commands.cancel(contended, booked.commandId()),
                Commands.book(neighbour, "c"));

        List<String> answers = decideWhile(
                newDesk(locking),
                "UPDATE bookings SET updated_at = now() WHERE id = ?::uuid",
                booked.commandId().toString());

        assertThat(answers).containsExactly("accepted", "VERSION_CONFLICT", "accepted");
    }

    @ParameterizedTest
    @EnumSource
    void aPlaceThatSomebodyIsAboutToBookPastTheCountersIsNotSoldTwice(Locking locking) throws SQLException {
        newDesk(locking)
                .decide(new CommandLog()
                        .write(0, Commands.event(contended, 1), Commands.event(neighbour, 9))
                        .all());
        log.write(0, Commands.book(neighbour, "a"), Commands.book(contended, "b"), Commands.book(neighbour, "c"));

        List<String> answers = decideWhile(
                newDesk(locking), "INSERT INTO bookings (event_id, user_id) VALUES (?, 'somebody')", contended);

        assertThat(answers).containsExactly("accepted", "VERSION_CONFLICT", "accepted");
    }

    @ParameterizedTest
    @EnumSource
    void whatTheTablesRefuseIsRefusedAlone(Locking locking) {
        Book prunedLongAgo = Commands.book(contended, "alice");
        String onePlace = Commands.newEventId();
        newDesk(locking)
                .decide(new CommandLog()
                        .write(
                                0,
                                Commands.event(contended, 9),
                                prunedLongAgo,
                                Commands.event(neighbour, 99),
                                Commands.event(onePlace, 1))
                        .all());
        forget(prunedLongAgo);
        RealDesk.sql()
                .sql("INSERT INTO bookings (event_id, user_id) VALUES (?, 'somebody')")
                .param(onePlace)
                .update();
        for (int i = 0; i < 20; i++) {
            log.write(0, Commands.book(neighbour, "before"));
        }
        log.write(0, prunedLongAgo, Commands.book(neighbour, "between"), Commands.book(onePlace, "bob"));
        log.write(0, Commands.book(contended, "bob"), prunedLongAgo);

        List<String> answers = outcomes(newDesk(locking).decide(log.all()));

        assertThat(answers.subList(0, 20)).containsOnly("accepted");
        assertThat(answers.subList(20, 25))
                .containsExactly("COMMAND_ID_REUSED", "accepted", "ALREADY_BOOKED", "accepted", "COMMAND_ID_REUSED");
        assertThat(seats(neighbour)).isEqualTo(21);
        assertThat(seats(contended)).isEqualTo(2);
        assertThat(seats(onePlace)).isZero();
    }

    @Test
    void aPollFullOfWhatTheTablesRefuseIsStillDecidedSoon() {
        List<Book> books = IntStream.range(0, 500)
                .mapToObj(i -> Commands.book(contended, "alice"))
                .toList();
        newDesk(Locking.OPTIMISTIC)
                .decide(new CommandLog()
                        .write(0, Commands.event(contended, 2_000))
                        .write(0, books.toArray(Command[]::new))
                        .all());
        books.forEach(ContentionIT::forget);
        log.write(0, books.toArray(Command[]::new));

        long start = System.nanoTime();
        List<String> answers = outcomes(newDesk(Locking.OPTIMISTIC).decide(log.all()));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(answers).hasSize(500).containsOnly("COMMAND_ID_REUSED");
        assertThat(seats(contended)).isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoEventsForOneSlotInTwoPartitionsOneWins(Locking locking) {
        UUID topic = UUID.randomUUID();
        String venue = "hall-" + topic;
        // The same slots in opposite order, so that the two desks would wait for each other.
        List<CreateEvent> here = new ArrayList<>();
        List<CreateEvent> there = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            here.add(Commands.eventAt(venue + i, Commands.newEventId(), 1));
            there.add(0, Commands.eventAt(venue + i, Commands.newEventId(), 1));
        }
        log.write(0, here.toArray(Command[]::new)).write(1, there.toArray(Command[]::new));

        List<String> answers = Stream.of(0, 1)
                .map(partition -> CompletableFuture.supplyAsync(
                        () -> outcomes(new RealDesk(locking, topic).decide(List.of(log.batch(partition, 0, 20)))),
                        work -> new Thread(work).start()))
                .toList()
                .stream()
                .flatMap(decided -> decided.join().stream())
                .toList();

        assertThat(answers).containsOnly("accepted", "TIME_SLOT_TAKEN");
        assertThat(answers.stream().filter("accepted"::equals)).hasSize(20);
        assertThat(RealDesk.sql()
                        .sql("SELECT count(*) FROM events WHERE venue LIKE ?")
                        .param(venue + "%")
                        .query(Long.class)
                        .single())
                .isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource
    void oneCommandThatTwoPartitionsHaveIsDecidedOnce(Locking locking) {
        UUID topic = UUID.randomUUID();
        newDesk(locking)
                .decide(new CommandLog()
                        .write(0, Commands.event(contended, 100))
                        .all());
        List<Book> books = IntStream.range(0, 50)
                .mapToObj(i -> Commands.book(contended, "user-" + i))
                .toList();
        log.write(0, books.toArray(Command[]::new)).write(1, books.toArray(Command[]::new));

        List<List<Answer>> answers = Stream.of(0, 1)
                .map(partition -> CompletableFuture.supplyAsync(
                        () -> Objects.requireNonNull(new RealDesk(locking, topic)
                                        .decide(List.of(log.batch(partition, 0, 50)))
                                        .get(partition))
                                .answers(),
                        work -> new Thread(work).start()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(answers.get(1)).isEqualTo(answers.get(0));
        assertThat(seats(contended)).isEqualTo(50);
    }

    /** Decides the log while somebody's transaction, in which this statement was executed, stays open. */
    private List<String> decideWhile(RealDesk desk, String statement, String parameter) throws SQLException {
        try (Connection somebody = RealDesk.dataSource().getConnection()) {
            somebody.setAutoCommit(false);
            try (PreparedStatement open = somebody.prepareStatement(statement)) {
                open.setString(1, parameter);
                assertThat(open.executeUpdate()).isEqualTo(1);
            }
            long start = System.nanoTime();
            List<String> answers = outcomes(desk.decide(log.all()));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
            somebody.rollback();
            return answers;
        }
    }

    /** A desk for commands of its own. */
    private static RealDesk newDesk(Locking locking) {
        return new RealDesk(locking, UUID.randomUUID());
    }

    private static void forget(Command command) {
        assertThat(RealDesk.sql()
                        .sql("DELETE FROM outcomes WHERE command_id = ?")
                        .param(command.commandId())
                        .update())
                .isEqualTo(1);
    }

    private static List<String> outcomes(Map<Integer, BatchAnswers> decided) {
        return decided.values().stream()
                .flatMap(batch -> batch.answers().stream())
                .map(answer -> RESULTS.decode(BookingSystem.utf8(((Answer.Result) answer).json())))
                .map(ContentionIT::outcome)
                .toList();
    }

    private static String outcome(Result result) {
        return result instanceof Rejected rejected ? rejected.reason().name() : "accepted";
    }

    private static long seats(String eventId) {
        return RealDesk.sql()
                .sql("SELECT confirmed FROM events WHERE id = ?")
                .param(eventId)
                .query(Long.class)
                .single();
    }
}
