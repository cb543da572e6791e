package booking.standalone.audit;

import static org.assertj.core.api.Assertions.assertThat;

import booking.auditor.Verdict;
import booking.embedded.EmbeddedPostgres;
import booking.processor.ProcessorApplication;
import booking.schemas.command.Book;
import booking.standalone.audit.ReplayReport.Difference;
import booking.standalone.audit.ReplayReport.TableReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise I8: the log replayed into an empty database gives the same outcomes and the same state, and nothing else passes. */
class ReplayIT {
    private static final RecordedSystem SYSTEM = new RecordedSystem(3);

    @BeforeAll
    static void makeHistory() throws ExecutionException, InterruptedException {
        History.make(SYSTEM);
    }

    @AfterAll
    static void close() {
        SYSTEM.close();
    }

    @Test
    void theLogGivesWhatIsInTheTables() {
        ReplayReport report = SYSTEM.replay(SYSTEM.database(), Optional.empty());

        System.out.println(report);
        assertThat(report.verdict()).as("%s", report).isEqualTo(Verdict.HOLDS);
        assertThat(report.reasons()).isEmpty();
        assertThat(report.commands()).isEqualTo(SYSTEM.count("SELECT sum(next_offset) FROM partition_progress"));
        assertThat(report.tables())
                .extracting(TableReport::table)
                .containsExactly("outcomes", "events", "bookings", "waitlist");
        assertThat(report.tables()).allSatisfy(table -> {
            assertThat(table.found()).isPositive().isEqualTo(table.replayed());
            assertThat(table.foundHash()).isEqualTo(table.replayedHash());
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    an acceptance made a refusal | outcomes | UPDATE outcomes SET result = replace(result, '"ACCEPTED"', '"REJECTED"') WHERE command_id = (SELECT min(command_id::text)::uuid FROM outcomes WHERE result LIKE '%"ACCEPTED"%') RETURNING command_id
                    another reason | outcomes | UPDATE outcomes SET result = replace(result, '"SOLD_OUT"', '"SALES_CLOSED"') WHERE command_id = (SELECT min(command_id::text)::uuid FROM outcomes WHERE result LIKE '%"SOLD_OUT"%') RETURNING command_id
                    a result that is no JSON | outcomes | UPDATE outcomes SET result = 'none' WHERE command_id = (SELECT min(command_id::text)::uuid FROM outcomes WHERE result LIKE '%"ACCEPTED"%') RETURNING command_id
                    a conflict that is no JSON | outcomes | UPDATE outcomes SET result = 'none' WHERE command_id = (SELECT min(command_id::text)::uuid FROM outcomes WHERE result LIKE '%"VERSION_CONFLICT"%') RETURNING command_id
                    another time of decision | outcomes | UPDATE outcomes SET decided_at = decided_at + interval '1 ms' WHERE command_id = (SELECT min(command_id::text)::uuid FROM outcomes) RETURNING command_id
                    another fingerprint | outcomes | UPDATE outcomes SET fingerprint = decode('00112233445566778899aabbccddeeff', 'hex') WHERE command_id = (SELECT max(command_id::text)::uuid FROM outcomes) RETURNING command_id
                    an outcome missing | outcomes | DELETE FROM outcomes WHERE command_id = (SELECT max(command_id::text)::uuid FROM outcomes) RETURNING command_id
                    the oldest outcome missing | outcomes | DELETE FROM outcomes WHERE command_id = (SELECT command_id FROM outcomes ORDER BY decided_at LIMIT 1) RETURNING command_id
                    an outcome made up | outcomes | INSERT INTO outcomes SELECT gen_random_uuid(), fingerprint, decided_at, result FROM outcomes LIMIT 1 RETURNING command_id
                    another state of a booking | bookings | UPDATE bookings SET status = 'CANCELLED' WHERE id = (SELECT min(id::text)::uuid FROM bookings WHERE status = 'CONFIRMED') RETURNING id
                    a booking of somebody else | bookings | UPDATE bookings SET user_id = 'mallory' WHERE id = (SELECT max(id::text)::uuid FROM bookings) RETURNING id
                    a booking missing | bookings | DELETE FROM bookings WHERE id = (SELECT max(id::text)::uuid FROM bookings) RETURNING id
                    the only booking of an event missing | bookings | DELETE FROM bookings WHERE event_id = 'full' RETURNING id
                    a booking made up | bookings | INSERT INTO bookings (event_id, user_id, one_place) VALUES ('quiet', 'mallory', false) RETURNING id
                    a counter one too high | events | UPDATE events SET confirmed = confirmed + 1 WHERE id = 'quiet' RETURNING id
                    another version | events | UPDATE events SET version = version + 1 WHERE id = 'full' RETURNING id
                    an event missing | events | DELETE FROM events WHERE id = 'quiet' RETURNING id
                    an event made up | events | INSERT INTO events (id, name, date) VALUES ('made-up', 'Nothing', '2027-01-01T00:00:00Z') RETURNING id
                    nobody waits | waitlist | DELETE FROM waitlist WHERE event_id = 'full' RETURNING id
                    a wish for more seats | waitlist | UPDATE waitlist SET quantity = 2 WHERE event_id = 'full' RETURNING id
                    """)
    void whatTheLogDoesNotSayIsFound(String fault, String table, String sql) {
        String altered = SYSTEM.copy();
        String key = SYSTEM.alter(altered, sql);

        ReplayReport report = SYSTEM.replay(altered);

        assertThat(report.verdict()).as("%s", report).isEqualTo(Verdict.VIOLATED);
        assertThat(report.tables()).allSatisfy(each -> {
            boolean isAltered = each.table().equals(table);
            assertThat(each.differences()).isEqualTo(isAltered ? 1 : 0);
            assertThat(each.foundHash().equals(each.replayedHash())).isEqualTo(!isAltered);
            if (isAltered) {
                assertThat(each.first()).extracting(Difference::key).containsExactly(key);
            }
        });
    }

    @Test
    void tablesAheadOfTheirProgressAreFound() {
        String altered = SYSTEM.copy();
        SYSTEM.alter(
                altered,
                "UPDATE partition_progress SET next_offset = next_offset - 100 WHERE partition = 0 RETURNING next_offset");

        assertThat(SYSTEM.replay(altered).verdict()).isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void aLogThatEndsTooEarlyTellsNothing() {
        String altered = SYSTEM.copy();
        SYSTEM.alter(
                altered,
                "UPDATE partition_progress SET next_offset = next_offset + 100 WHERE partition = 0 RETURNING next_offset");

        ReplayReport report = SYSTEM.replay(altered);

        assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(report.reasons().toString()).contains("partition 0 ends at offset");
    }

    @Test
    void aRefusalForTheSakeOfAnotherWriterTellsNothing() {
        String altered = SYSTEM.copy();
        String key = SYSTEM.alter(
                altered,
                "UPDATE outcomes SET result = replace(result, '\"SOLD_OUT\"', '\"VERSION_CONFLICT\"') WHERE command_id ="
                        + " (SELECT min(command_id::text)::uuid FROM outcomes WHERE result LIKE '%\"SOLD_OUT\"%')"
                        + " RETURNING command_id");

        ReplayReport report = SYSTEM.replay(altered);

        assertThat(report.verdict()).as("%s", report).isEqualTo(Verdict.UNKNOWN);
        assertThat(report.tables().get(0).undetermined()).isEqualTo(1);
        assertThat(report.tables().get(0).first()).extracting(Difference::key).containsExactly(key);
    }

    @Test
    void tablesThatServedAnotherTopicTellNothing() {
        String altered = SYSTEM.copy();
        SYSTEM.alter(altered, "INSERT INTO partition_progress VALUES (gen_random_uuid(), 0, 1) RETURNING topic_id");

        ReplayReport report = SYSTEM.replay(altered);

        assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(report.reasons().toString()).contains("other topics");
    }

    @Test
    void aDatabaseThatIsNotEmptyIsNotWrittenTo() {
        ReplayReport report = SYSTEM.replay(
                SYSTEM.database(), Optional.of(SYSTEM.settings(SYSTEM.database(), EmbeddedPostgres.OWNER)));

        assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(report.reasons().toString()).contains("not empty");
    }

    @Test
    void aRunningSystemIsReplayedUpToOneMoment() throws ExecutionException, InterruptedException {
        try (RecordedSystem system = new RecordedSystem(3)) {
            ProcessorApplication processor = system.startProcessor();
            ScheduledExecutorService clients = Executors.newSingleThreadScheduledExecutor();
            try {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    sent.add(system.send(History.event("live-" + i, "live-" + i, 1_000_000, OptionalInt.empty())));
                }
                system.awaitAllDecided(sent);
                var unused = clients.scheduleAtFixedRate(() -> bookOneEach(system), 0, 10, TimeUnit.MILLISECONDS);

                ReplayReport report = system.replay();

                assertThat(report.verdict()).as("%s", report).isEqualTo(Verdict.HOLDS);
                assertThat(report.commands())
                        .as("the system went on meanwhile")
                        .isLessThan(system.count("SELECT sum(next_offset) FROM partition_progress"));
            } finally {
                clients.shutdown();
                processor.close();
            }
        }
    }

    @Test
    void whichOfTwoPartitionsWasFirstIsNotKnown() throws ExecutionException, InterruptedException {
        try (RecordedSystem system = new RecordedSystem(2)) {
            system.sendTo(0, History.event("early", "hall", 1, OptionalInt.empty()));
            system.sendTo(0, History.book("early", "alice"));
            system.sendTo(1, History.event("late", "hall", 1, OptionalInt.empty()));
            system.sendTo(1, History.book("late", "bob"));
            system.sendTo(1, History.event("aside", "elsewhere", 1, OptionalInt.empty()));
            system.decideByHand(1, 0);

            ReplayReport report = system.replay();

            assertThat(report.verdict()).as("%s", report).isEqualTo(Verdict.UNKNOWN);
            assertThat(report.tables()).extracting(TableReport::undetermined).containsExactly(4L, 2L, 2L, 0L);
            assertThat(report.tables()).extracting(TableReport::differences).containsOnly(0L);
            assertThat(report.reasons().toString()).contains("what came first");

            String altered = system.copy();
            system.alter(altered, "UPDATE events SET version = 7 WHERE id = 'aside' RETURNING id");

            ReplayReport violated = system.replay(altered);

            assertThat(violated.verdict()).as("%s", violated).isEqualTo(Verdict.VIOLATED);
            assertThat(violated.tables()).extracting(TableReport::differences).containsExactly(0L, 1L, 0L, 0L);
        }
    }

    @Test
    void whichPartitionHadACommandIdFirstIsNotKnown() throws ExecutionException, InterruptedException {
        try (RecordedSystem system = new RecordedSystem(2)) {
            system.sendTo(0, History.event("one", "one", 1, OptionalInt.empty()));
            system.sendTo(1, History.event("two", "two", 1, OptionalInt.empty()));
            Book book = History.book("one", "alice");
            system.sendTo(0, book);
            system.sendTo(1, new Book(book.commandId(), "two", "alice", 1, book.expectedVersion()));
            system.decideByHand(1, 0);

            ReplayReport report = system.replay();

            assertThat(report.verdict()).as("%s", report).isEqualTo(Verdict.UNKNOWN);
            assertThat(report.tables()).extracting(TableReport::differences).containsOnly(0L);
        }
    }

    @Test
    void timeOrderDecidesBetweenPartitionsAsItDidAtTheDesk() throws ExecutionException, InterruptedException {
        try (RecordedSystem system = new RecordedSystem(2)) {
            system.sendTo(1, History.event("first", "hall", 1, OptionalInt.empty()));
            awaitNextMillisecond();
            system.sendTo(0, History.event("second", "hall", 1, OptionalInt.empty()));
            system.decideByHand(1, 0);

            ReplayReport report = system.replay();

            assertThat(report.verdict()).as("%s", report).isEqualTo(Verdict.HOLDS);
        }
    }

    @Test
    void aLogWhoseBeginningIsGoneTellsNothing() throws ExecutionException, InterruptedException {
        try (RecordedSystem system = new RecordedSystem(1)) {
            system.sendTo(0, History.event("old", "old", 1, OptionalInt.empty()));
            system.sendTo(0, History.book("old", "alice"));
            system.decideByHand(0);
            system.deleteFirst(0);

            ReplayReport report = system.replay();

            assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(report.reasons().toString()).contains("partition 0 begins at offset 1");
        }
    }

    private static void bookOneEach(RecordedSystem system) {
        for (int i = 0; i < 5; i++) {
            var unused = system.send(History.book("live-" + i, "user-" + i));
        }
    }

    private static void awaitNextMillisecond() {
        long now = System.currentTimeMillis();
        while (System.currentTimeMillis() <= now) {
            Thread.onSpinWait();
        }
    }
}
