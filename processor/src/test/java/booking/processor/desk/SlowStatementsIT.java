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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A statement that takes too long is cancelled, and would be again each time: it must not stop its partition. */
class SlowStatementsIT {
    private static final ResultDecoder RESULTS = new ResultDecoder();
    private static final int HOLDS = 10_000;
    private static final int MOST_ROWS = 5_000;
    // Enough for every statement that is not held up by the trigger, also on a busy machine.
    private static final int STATEMENT_TIMEOUT_MILLIS = 2_000;
    private static final int SLOW_CAPACITY = 4_242;

    private final CommandLog log = new CommandLog();
    private final String event = Commands.newEventId();
    private final String neighbour = Commands.newEventId();

    @AfterEach
    void dropTriggers() {
        execute("DROP TRIGGER IF EXISTS few_rows ON bookings", "DROP TRIGGER IF EXISTS slow ON events");
    }

    @Test
    void howeverManyHoldsRunOutAtOnceNoStatementEndsThemAll() {
        RealDesk desk = new RealDesk(Locking.OPTIMISTIC, UUID.randomUUID());
        desk.decide(log.write(0, Commands.event(event, 1_000_000)).all());
        makeHolds();
        execute("""
                CREATE OR REPLACE FUNCTION refuse_many_rows() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF (SELECT count(*) FROM changed) > %d THEN
                        RAISE EXCEPTION 'too many rows for one statement' USING ERRCODE = 'query_canceled';
                    END IF;
                    RETURN NULL;
                END $$""".formatted(MOST_ROWS), """
                CREATE TRIGGER few_rows AFTER UPDATE ON bookings REFERENCING NEW TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_many_rows()""");

        assertThat(outcomes(new RealDesk(Locking.OPTIMISTIC, UUID.randomUUID())
                        .decide(new CommandLog()
                                .write(0, CommandLog.FIRST.plusSeconds(60), Commands.book(event, "alice", 1_000_000))
                                .all())))
                .containsExactly("accepted");
        Tables.requireTrue(List.of(event));
    }

    @Test
    void aCommandThatMakesTheTablesWorkForTooLongIsRefusedAlone() {
        impatientDesk()
                .decide(log.write(0, Commands.event(event, 1), Commands.event(neighbour, 9))
                        .all());
        execute("""
                CREATE OR REPLACE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_sleep(60);
                    RETURN NEW;
                END $$""", """
                CREATE TRIGGER slow BEFORE UPDATE ON events
                FOR EACH ROW WHEN (NEW.capacity = %d) EXECUTE FUNCTION take_long()""".formatted(SLOW_CAPACITY));

        assertThat(outcomes(impatientDesk()
                        .decide(new CommandLog()
                                .write(0, Commands.book(neighbour, "alice"), slow(), Commands.book(event, "bob"))
                                .all())))
                .containsExactly("accepted", "VERSION_CONFLICT", "accepted");
        Tables.requireTrue(List.of(event, neighbour));
    }

    private void makeHolds() {
        RealDesk.sql().sql("""
                        INSERT INTO bookings (event_id, user_id, status, hold_expires_at, one_place)
                        SELECT ?, 'user-' || number, 'HELD', '2026-11-22T10:00:00Z', false
                        FROM generate_series(1, ?) AS number""").params(event, HOLDS).update();
        RealDesk.sql()
                .sql("UPDATE events SET held = ? WHERE id = ?")
                .params(HOLDS, event)
                .update();
    }

    private static void execute(String... statements) {
        for (String statement : statements) {
            RealDesk.sql().sql(statement).update();
        }
    }

    private UpdateEvent slow() {
        return new UpdateEvent(
                UUID.randomUUID(),
                event,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.of(SLOW_CAPACITY),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    /** A desk whose statements have less time than a processor's. */
    private static RealDesk impatientDesk() {
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
