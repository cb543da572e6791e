package booking.auditor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.h2.mvstore.MVMap;

/** Compares the tables with themselves, and with what the commands must have made of them. */
final class TableChecks {
    private static final String NO_ROW = "no row";
    private static final String A_ROW = "a row";
    private static final String NO_LONGER_KEPT = "outcomes of commands no longer kept";

    private final TableSnapshot tables;
    private final Dispositions dispositions;
    private final Findings findings;

    TableChecks(TableSnapshot tables, Dispositions dispositions, Findings findings) {
        this.tables = tables;
        this.dispositions = dispositions;
        this.findings = findings;
    }

    /** Seats taken are within the capacity, by the event's own counters and by the sum of its bookings. */
    void checkSums() {
        tables.read(TableSnapshot.COUNTERS, this::checkSums);
        tables.read(
                TableSnapshot.SHARED_SLOTS,
                row -> findings.violation(
                        Promise.TABLES,
                        Offender.of(
                                "one event at venue " + row.getString("venue") + " at "
                                        + TableSnapshot.instant(row, "date"),
                                "events " + row.getString("ids"))));
    }

    private void checkSums(ResultSet row) throws SQLException {
        String event = "event " + row.getString("event_id");
        long bookedConfirmed = row.getLong("booked_confirmed");
        long bookedHeld = row.getLong("booked_held");
        long inLine = row.getLong("in_line");
        if (row.getBoolean("has_no_event")) {
            findings.violation(
                    Promise.TABLES, Offender.of(event, NO_ROW + ", though it has bookings or somebody waits for it"));
            return;
        }
        findings.count(Promise.SEATS, "events", 1);
        long capacity = row.getLong("capacity");
        long confirmed = row.getLong("confirmed");
        long held = row.getLong("held");
        if (confirmed < 0 || held < 0 || confirmed + held > capacity) {
            findings.violation(
                    Promise.SEATS,
                    Offender.of(
                            event + ": at most " + capacity + " seats taken",
                            confirmed + " confirmed and " + held + " held"));
        }
        if (bookedConfirmed + bookedHeld > capacity) {
            findings.violation(
                    Promise.SEATS,
                    Offender.of(
                            event + ": bookings of at most " + capacity + " seats",
                            "bookings of " + (bookedConfirmed + bookedHeld)));
        }
        if (bookedConfirmed != confirmed || bookedHeld != held || inLine != row.getLong("waiting")) {
            findings.violation(
                    Promise.TABLES,
                    Offender.of(
                            event + " counts what its rows sum up to: " + bookedConfirmed + " confirmed, " + bookedHeld
                                    + " held, " + inLine + " waiting",
                            "it counts " + confirmed + " confirmed, " + held + " held, " + row.getLong("waiting")
                                    + " waiting"));
        }
    }

    /** Each row is what the commands must have made of it, and none is missing. */
    void checkRows(Model model) {
        checkEvents(model.events());
        checkBookings(model.bookings());
        checkWaitlist(model);
    }

    private void checkEvents(MVMap<String, EventState> events) {
        MergeJoin<String, EventState> join = new MergeJoin<>(
                Comparator.naturalOrder(),
                events.entrySet().iterator(),
                (id, event) -> missing("event " + id, event.row().toString()));
        tables.read(TableSnapshot.EVENTS, row -> {
            String id = row.getString("id");
            EventState event = join.match(id);
            if (dispositions.isSpread(id)) {
                return;
            }
            findings.count(Promise.TABLES, "events", 1);
            compare(
                    "event " + id,
                    Optional.ofNullable(event).map(EventState::row),
                    TableSnapshot.texts(
                            row,
                            "name",
                            "date",
                            "venue",
                            "status",
                            "version",
                            "capacity",
                            "confirmed",
                            "held",
                            "waiting",
                            "per_user_limit",
                            "sales_open_at",
                            "sales_close_at",
                            "created_at",
                            "updated_at"));
        });
        join.finish();
    }

    private void checkBookings(MVMap<UUID, BookingState> bookings) {
        MergeJoin<UUID, BookingState> join = new MergeJoin<>(
                ScratchType.UNSIGNED,
                bookings.entrySet().iterator(),
                (id, booking) -> missing("booking " + id, booking.row().toString()));
        tables.read(TableSnapshot.BOOKINGS, row -> {
            UUID id = row.getObject("id", UUID.class);
            BookingState booking = join.match(id);
            if (dispositions.isSpread(row.getString("event_id"))) {
                return;
            }
            findings.count(Promise.TABLES, "bookings", 1);
            compare(
                    "booking " + id,
                    Optional.ofNullable(booking).map(BookingState::row),
                    TableSnapshot.texts(
                            row,
                            "event_id",
                            "user_id",
                            "quantity",
                            "status",
                            "hold_expires_at",
                            "created_at",
                            "updated_at"));
        });
        join.finish();
    }

    private void checkWaitlist(Model model) {
        MergeJoin<UUID, WaitingState> join = new MergeJoin<>(
                ScratchType.UNSIGNED,
                model.waitingById().entrySet().iterator(),
                (id, waiting) -> missing("waitlist " + id, waiting.row().toString()));
        tables.read(TableSnapshot.WAITLIST, row -> {
            UUID id = row.getObject("id", UUID.class);
            WaitingState waiting = join.match(id);
            if (dispositions.isSpread(row.getString("event_id"))) {
                return;
            }
            findings.count(Promise.TABLES, "waiting", 1);
            compare(
                    "waitlist " + id,
                    Optional.ofNullable(waiting).map(WaitingState::row),
                    TableSnapshot.texts(row, "event_id", "user_id", "quantity", "place", "joined_at"));
        });
        join.finish();
    }

    /**
     * What the last results say of events is what the tables have. For when not all commands are kept, so that rows cannot be
     * told from them.
     */
    void checkLastResults(RunningSums sums) {
        tables.read(TableSnapshot.EVENTS, row -> {
            String id = row.getString("id");
            RunningSums.Sum found = new RunningSums.Sum(
                    row.getLong("version"),
                    row.getLong("capacity"),
                    row.getLong("confirmed"),
                    row.getLong("held"),
                    true);
            sums.of(id)
                    .filter(sum -> !dispositions.isSpread(id) && !sum.agreesWith(found))
                    .ifPresent(sum -> findings.violation(
                            Promise.TABLES,
                            Offender.of("event " + id + " as its last result says: " + sum, found.toString())));
        });
    }

    /**
     * The stored answers are those that were published. They are kept at least as long as the commands are, and removed
     * some time after.
     *
     * @param known the first answers to the commands that are kept
     * @param whole whether these are all that there ever were
     * @param kept whether a command at this position would be among them
     * @param forgottenBefore outcomes of commands before this time may have been removed
     */
    void checkOutcomes(
            MVMap<UUID, Known> known, boolean whole, Predicate<Dispositions.Source> kept, Instant forgottenBefore) {
        MergeJoin<UUID, Known> join =
                new MergeJoin<>(ScratchType.UNSIGNED, known.entrySet().iterator(), (id, first) -> {
                    if (first.decidedAt().isBefore(forgottenBefore)) {
                        findings.count(Promise.TABLES, "outcomes no longer kept", 1);
                    } else {
                        findings.violation(
                                Promise.TABLES,
                                Offender.at(
                                        first.partition(),
                                        first.offset(),
                                        Optional.of(id),
                                        "an outcome, as the command was decided",
                                        NO_ROW));
                    }
                });
        tables.read(TableSnapshot.OUTCOMES, row -> {
            UUID id = row.getObject("command_id", UUID.class);
            Known first = join.match(id);
            if (first == null) {
                checkOutcomeOfNoKnownCommand(id, row.getString("result"), kept);
                return;
            }
            boolean isUnpublished = first.result().equals(Digest.NONE);
            if (isUnpublished && !whole) {
                // It may be the answer to a repetition, of a command that is no longer kept.
                findings.count(Promise.TABLES, NO_LONGER_KEPT, 1);
                return;
            }
            findings.count(Promise.TABLES, "outcomes", 1);
            Digest result = Digest.of(row.getString("result").getBytes(StandardCharsets.UTF_8));
            Digest command = Digest.of(ByteBuffer.wrap(row.getBytes("fingerprint")));
            boolean sameTime = TableSnapshot.instant(row, "decided_at").equals(first.decidedAt());
            // One that was never published is missed elsewhere.
            boolean sameResult = isUnpublished || result.equals(first.result());
            if (!sameResult || !command.equals(first.command()) || !sameTime) {
                findings.violation(
                        Promise.TABLES,
                        Offender.at(
                                first.partition(),
                                first.offset(),
                                Optional.of(id),
                                "the outcome that was published",
                                "fingerprint " + command + ", decided at " + TableSnapshot.instant(row, "decided_at")
                                        + ": " + row.getString("result")));
            }
        });
        join.finish();
    }

    /** Its command may no longer be kept; its result may still be. */
    private void checkOutcomeOfNoKnownCommand(UUID id, String stored, Predicate<Dispositions.Source> kept) {
        byte[] bytes = stored.getBytes(StandardCharsets.UTF_8);
        Optional<Dispositions.Source> position = ResultFields.read(new byte[0], bytes)
                .flatMap(fields -> new Disposition(Disposition.Kind.RESULT, 0, 0, Digest.NONE, fields).position());
        if (position.isEmpty() || kept.test(position.get())) {
            findings.count(Promise.TABLES, "outcomes", 1);
            findings.violation(Promise.TABLES, Offender.of(id, "no outcome, as no such command was decided", A_ROW));
            return;
        }
        Optional<Disposition> published =
                dispositions
                        .published(position.get().partition(), position.get().offset())
                        .stream()
                        .filter(result -> result.commandId().equals(Optional.of(id)))
                        .findFirst();
        findings.count(Promise.TABLES, published.isPresent() ? "outcomes" : NO_LONGER_KEPT, 1);
        if (published.isPresent() && !published.get().content().equals(Digest.of(bytes))) {
            findings.violation(
                    Promise.TABLES,
                    Offender.at(
                            position.get().partition(),
                            position.get().offset(),
                            Optional.of(id),
                            "the outcome that was published",
                            stored));
        }
    }

    private void compare(String what, Optional<Map<String, String>> expected, Map<String, String> found) {
        if (expected.isEmpty()) {
            findings.violation(
                    Promise.TABLES, Offender.of(what + ": " + NO_ROW + ", as no command made it", found.toString()));
            return;
        }
        Difference difference = Difference.between(expected.get(), found);
        if (!difference.isEmpty()) {
            findings.violation(Promise.TABLES, Offender.of(what + ": " + difference.expected(), difference.found()));
        }
    }

    private void missing(String what, String expected) {
        findings.violation(Promise.TABLES, Offender.of(what + ": " + expected, NO_ROW));
    }
}
