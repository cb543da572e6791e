package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.BookingSystem;
import booking.processor.Commands;
import booking.processor.store.BookingStore;
import booking.processor.store.Locking;
import booking.schemas.command.UpdateEvent;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A statement that takes too long is cancelled, and would be again each time: it must not stop its partition. */
class SlowStatementsIT {
    private static final ResultDecoder RESULTS = new ResultDecoder();
    // In proportion: 400,000 rows need more than the 5 s that a processor's statements may take.
    private static final int ROWS = 60_000;
    private static final int STATEMENT_TIMEOUT_MILLIS = 600;

    private final CommandLog log = new CommandLog();
    private final String event = Commands.newEventId();
    private final String neighbour = Commands.newEventId();

    @Test
    void howeverManyHoldsRunOutAtOnceTheyAreEnded() {
        newDesk().decide(log.write(0, Commands.event(event, 1_000_000)).all());
        makeBookings("HELD", "'2026-11-22T10:00:00Z'", false);
        RealDesk.sql()
                .sql("UPDATE events SET held = ? WHERE id = ?")
                .param(ROWS)
                .param(event)
                .update();

        assertThat(outcomes(newDesk()
                        .decide(new CommandLog()
                                .write(0, CommandLog.FIRST.plusSeconds(60), Commands.book(event, "alice", 1_000_000))
                                .all())))
                .containsExactly("accepted");
        Tables.requireTrue(List.of(event));
    }

    @Test
    void aCommandThatMakesTheTablesWorkForTooLongIsRefusedAlone() {
        newDesk()
                .decide(log.write(0, Commands.event(event, 1), Commands.event(neighbour, 9))
                        .all());
        makeBookings("CANCELLED", "NULL", true);

        assertThat(outcomes(newDesk()
                        .decide(new CommandLog()
                                .write(0, Commands.book(neighbour, "alice"), twoPlaces(), Commands.book(event, "bob"))
                                .all())))
                .containsExactly("accepted", "VERSION_CONFLICT", "accepted");
        Tables.requireTrue(List.of(event, neighbour));
    }

    private void makeBookings(String status, String holdExpiresAt, boolean onePlace) {
        RealDesk.sql()
                .sql("INSERT INTO bookings (event_id, user_id, status, hold_expires_at, one_place)"
                        + " SELECT ?, 'user-' || number, ?, " + holdExpiresAt + "::timestamptz, ?"
                        + " FROM generate_series(1, ?) AS number")
                .param(event)
                .param(status)
                .param(onePlace)
                .param(ROWS)
                .update();
    }

    private UpdateEvent twoPlaces() {
        return new UpdateEvent(
                UUID.randomUUID(),
                event,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.of(2),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    /** A desk whose statements have less time than a processor's. */
    private static RealDesk newDesk() {
        var connections = new DriverManagerDataSource(
                RealDesk.url() + "&options=-c%20statement_timeout=" + STATEMENT_TIMEOUT_MILLIS);
        return new RealDesk(
                Locking.OPTIMISTIC,
                UUID.randomUUID(),
                new TransactionTemplate(new JdbcTransactionManager(connections)),
                new BookingStore(new JdbcTemplate(connections)));
    }

    private static List<String> outcomes(Map<Integer, BatchAnswers> decided) {
        return decided.values().stream()
                .flatMap(batch -> batch.answers().stream())
                .map(answer -> RESULTS.decode(BookingSystem.utf8(((Answer.Result) answer).json())))
                .map(SlowStatementsIT::outcome)
                .toList();
    }

    private static String outcome(Result result) {
        return result instanceof Rejected rejected ? rejected.reason().name() : "accepted";
    }
}
