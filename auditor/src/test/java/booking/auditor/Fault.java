package booking.auditor;

import static booking.auditor.Promise.ANSWERS;
import static booking.auditor.Promise.LIVENESS;
import static booking.auditor.Promise.ORDER;
import static booking.auditor.Promise.PROGRESS;
import static booking.auditor.Promise.REPEATS;
import static booking.auditor.Promise.SEATS;
import static booking.auditor.Promise.TABLES;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What can go wrong with a system, and which promise is broken by it. */
enum Fault {
    OVERSOLD_EVENT(
            SEATS,
            copy -> copy.tables("UPDATE events SET confirmed = capacity + 1 WHERE id = '" + History.TEN_PLACES + "'")),
    MORE_BOOKED_THAN_THERE_ARE_SEATS(SEATS, copy -> copy.tables(extraBooking(History.ONE_PLACE))),
    COUNTERS_IN_A_RESULT_ABOVE_THE_CAPACITY(
            SEATS, copy -> copy.result(History.ALICE, 0, replace("\"confirmed\":2", "\"confirmed\":12"))),
    VERSIONS_GO_BACK(SEATS, copy -> copy.result(History.ALICE, 0, replace("\"version\":2", "\"version\":200"))),

    TWO_BOOKINGS_MAKE_ONE_VERSION(
            SEATS, copy -> copy.result(History.BOB, 0, replace("\"version\":3", "\"version\":2"))),
    SEATS_NOT_ADDED_UP(SEATS, Fault::plantWrongCounters),
    SEAT_SOLD_AGAIN_AFTER_TABLES_WERE_SET_BACK(SEATS, Fault::plantSecondWinner),

    RESULT_DROPPED(ANSWERS, copy -> copy.results(records -> without(records, firstOf(History.BOB, records)))),
    RESULT_TWICE(ANSWERS, copy -> copy.results(records -> with(records, firstOf(History.BOB, records)))),
    RESULT_THAT_IS_NO_RESULT(ANSWERS, copy -> copy.result(History.BOB, 0, text -> "all is well")),
    RESULT_OF_NO_COMMAND(
            ANSWERS,
            copy -> copy.results(records ->
                    with(records, Copy.about("/" + copy.commandsTopic() + "/99/0", firstOf(History.BOB, records))))),
    RESULT_OF_A_COMMAND_THAT_IS_NOT_THERE_YET(
            ANSWERS,
            copy -> copy.results(records -> with(
                    records, Copy.about("/" + copy.commandsTopic() + "/0/999999", firstOf(History.BOB, records))))),
    RESULT_THAT_NAMES_NO_SOURCE(
            ANSWERS, copy -> copy.results(records -> with(records, Copy.about("/", firstOf(History.BOB, records))))),
    DEAD_LETTER_DROPPED(ANSWERS, copy -> copy.deadLetters(records -> without(records, records.get(0)))),
    DEAD_LETTER_TWICE(ANSWERS, copy -> copy.deadLetters(records -> with(records, records.get(0)))),
    DEAD_LETTER_WITH_OTHER_BYTES(
            ANSWERS,
            copy -> copy.deadLetters(records -> first(records, letter -> Copy.withValue(letter, "other bytes")))),
    DEAD_LETTER_WITH_OTHER_BYTES_SAID_TO_BE_CUT(
            ANSWERS,
            copy -> copy.deadLetters(records -> first(records, letter -> {
                ProducerRecord<byte[], byte[]> cut = Copy.withValue(letter, "other bytes");
                cut.headers().add("__streams.errors.cut", "value of 2000000 bytes".getBytes(StandardCharsets.UTF_8));
                return cut;
            }))),
    DEAD_LETTER_WITH_ANOTHER_KEY(
            ANSWERS,
            copy -> copy.deadLetters(records -> first(
                    records,
                    letter -> new ProducerRecord<>(
                            letter.topic(),
                            letter.partition(),
                            letter.timestamp(),
                            "another key".getBytes(StandardCharsets.UTF_8),
                            letter.value(),
                            letter.headers())))),
    DEAD_LETTER_WITHOUT_THE_SENDERS_HEADER(
            ANSWERS,
            copy -> copy.deadLetters(records -> {
                ProducerRecord<byte[], byte[]> letter = records.stream()
                        .filter(record -> record.headers().lastHeader(History.OWN_HEADER) != null)
                        .findFirst()
                        .orElseThrow();
                ProducerRecord<byte[], byte[]> bare = Copy.withValue(letter, Copy.text(letter));
                bare.headers().remove(History.OWN_HEADER);
                return replace(records, Map.of(letter, bare));
            })),
    DEAD_LETTER_ALSO_ANSWERED(ANSWERS, copy -> {
        List<String> source = new ArrayList<>();
        copy.deadLetters(records -> {
            ProducerRecord<byte[], byte[]> first = records.get(0);
            source.add("/" + header(first, "topic") + "/" + header(first, "partition") + "/" + header(first, "offset"));
            return records;
        });
        copy.results(records -> with(records, Copy.about(source.get(0), firstOf(History.BOB, records))));
    }),

    ANOTHER_ANSWER_TO_A_REPETITION(
            REPEATS,
            copy -> copy.result(History.ALICE, 1, replace("\"status\":\"CONFIRMED\"", "\"status\":\"CANCELLED\""))),
    REPETITION_DECIDED_ANEW(
            REPEATS,
            copy -> copy.result(History.ALICE, 1, text -> text.replaceAll("\"offset\":[0-9]+", "\"offset\":999"))),
    USED_ID_ACCEPTED(
            REPEATS,
            copy -> copy.results(records -> {
                ProducerRecord<byte[], byte[]> reused =
                        Copy.resultsOf(History.ALICE, records).get(2);
                return with(
                        without(records, reused), Copy.withValue(reused, Copy.text(firstOf(History.ALICE, records))));
            })),
    REPETITION_ON_ANOTHER_PARTITION_NAMES_ANOTHER_COMMAND(
            REPEATS,
            copy -> copy.result(new UUID(4, 2), 0, text -> text.replaceAll("\"partition\":[0-9]", "\"partition\":7"))),

    BOOKING_ROW_MISSING(TABLES, copy -> copy.tables("DELETE FROM bookings WHERE id = '" + History.DAVES_HOLD + "'")),
    BOOKING_ROW_MADE_UP(TABLES, copy -> copy.tables(extraBooking(History.TEN_PLACES))),
    BOOKING_OF_ANOTHER_USER(
            TABLES, copy -> copy.tables("UPDATE bookings SET user_id = 'mallory' WHERE id = '" + History.ALICE + "'")),
    BOOKING_STILL_LIVE_THAT_WAS_CANCELLED(
            TABLES, copy -> copy.tables("UPDATE bookings SET status = 'CONFIRMED' WHERE id = '" + History.BOB + "'")),
    COUNTER_OFF_BY_ONE(
            TABLES, copy -> copy.tables("UPDATE events SET held = held - 1 WHERE id = '" + History.TEN_PLACES + "'")),
    EVENT_RENAMED(
            TABLES, copy -> copy.tables("UPDATE events SET name = 'Other' WHERE id = '" + History.ONE_PLACE + "'")),
    EVENT_ROW_MISSING(TABLES, copy -> copy.tables("DELETE FROM events WHERE id = 'rival-0' OR id LIKE 'rival-%'")),
    TWO_EVENTS_IN_ONE_SLOT(
            TABLES,
            copy -> copy.tables(
                    "UPDATE events SET venue = '" + History.ONE_PLACE + "' WHERE id = '" + History.TEN_PLACES + "'")),
    WAITLIST_ROW_MISSING(TABLES, copy -> copy.tables("DELETE FROM waitlist WHERE id = '" + History.BOB_WAITS + "'")),
    WAITLIST_OUT_OF_ORDER(
            TABLES, copy -> copy.tables("UPDATE waitlist SET place = 99 WHERE id = '" + History.BOB_WAITS + "'")),
    OUTCOME_MISSING(TABLES, copy -> copy.tables("DELETE FROM outcomes WHERE command_id = '" + History.BOB + "'")),
    OUTCOME_ALTERED(
            TABLES,
            copy -> copy.tables(
                    "UPDATE outcomes SET result = replace(result, 'CONFIRMED', 'CANCELLED') WHERE command_id = '"
                            + History.ALICE + "'")),
    OUTCOME_MADE_UP(
            TABLES,
            copy -> copy.tables(
                    "INSERT INTO outcomes SELECT gen_random_uuid(), fingerprint, decided_at, result FROM outcomes"
                            + " WHERE command_id = '" + History.ALICE + "'")),
    AVAILABILITY_MISSING(
            TABLES, copy -> copy.availability(records -> withoutEvent(records, History.TEN_PLACES, Integer.MAX_VALUE))),
    AVAILABILITY_STALE(TABLES, copy -> copy.availability(records -> withoutEvent(records, History.TEN_PLACES, 1))),
    AVAILABILITY_WRONG(
            TABLES,
            copy -> copy.availability(records -> records.stream()
                    .map(record ->
                            Copy.withValue(record, Copy.text(record).replace("\"available\":0", "\"available\":1")))
                    .toList())),
    AVAILABILITY_AS_TEXT(
            TABLES,
            copy -> copy.availability(records -> records.stream()
                    .map(record ->
                            Copy.withValue(record, Copy.text(record).replace("\"available\":0", "\"available\":\"0\"")))
                    .toList())),

    RESULTS_IN_REVERSE_ORDER(
            ORDER,
            copy -> copy.results(records -> {
                List<ProducerRecord<byte[], byte[]>> reversed = new ArrayList<>(records);
                Collections.reverse(reversed);
                return reversed;
            })),
    RESULTS_OF_AN_EVENT_IN_THE_WRONG_ORDER(
            ORDER,
            copy -> copy.results(records -> {
                ProducerRecord<byte[], byte[]> alice = firstOf(History.ALICE, records);
                ProducerRecord<byte[], byte[]> bob = firstOf(History.BOB, records);
                return replace(records, Map.of(alice, bob, bob, alice));
            })),
    WINNERS_SWAPPED(
            ORDER,
            copy -> copy.results(records -> {
                ProducerRecord<byte[], byte[]> alice = firstOf(History.ALICE_AT_ONE_PLACE, records);
                ProducerRecord<byte[], byte[]> bob = firstOf(History.BOB_AT_ONE_PLACE, records);
                String a = History.ALICE_AT_ONE_PLACE.toString();
                String b = History.BOB_AT_ONE_PLACE.toString();
                return replace(
                        records,
                        Map.of(
                                alice,
                                Copy.withValue(alice, swapped(Copy.text(bob), b, a, "bob", "alice")),
                                bob,
                                Copy.withValue(bob, swapped(Copy.text(alice), a, b, "alice", "bob"))));
            })),
    ACCEPTED_WHERE_THE_RULES_REFUSE(ORDER, Fault::plantSecondWinner),
    WRONG_REASON(
            ORDER,
            copy -> copy.result(History.BOB_AT_ONE_PLACE, 0, replace("\"ALREADY_BOOKED\"", "\"EVENT_NOT_FOUND\""))),
    WRONG_COUNTERS(ORDER, Fault::plantWrongCounters),
    NUMBER_AS_TEXT(ORDER, copy -> copy.result(History.ALICE, 0, replace("\"quantity\":2", "\"quantity\":\"2\""))),
    WRONG_END_OF_A_HOLD(
            ORDER,
            copy -> copy.result(
                    History.EVES_HOLD, 0, text -> text.replaceAll("\"holdExpiresAt\":\"20", "\"holdExpiresAt\":\"21"))),
    WRONG_BOOKING(
            ORDER,
            copy -> copy.result(
                    History.ALICE, 0, replace("\"bookingId\":\"" + History.ALICE, "\"bookingId\":\"" + History.BOB))),
    WRONG_PLACE_IN_THE_LINE(
            ORDER,
            copy -> copy.result(History.BOB_WAITS, 0, replace("\"waitlistPosition\":1", "\"waitlistPosition\":2"))),
    WRONG_TIME(
            ORDER,
            copy -> copy.result(History.BOB, 0, text -> text.replaceAll("\"decidedAt\":\"20", "\"decidedAt\":\"21"))),
    WRONG_POSITION(ORDER, copy -> copy.result(History.BOB, 0, text -> text.replaceAll("\"offset\":", "\"offset\":9"))),

    GROUP_BEHIND_THE_LOG(LIVENESS, copy -> copy.committed(offset -> offset / 2)),
    GROUP_WITHOUT_OFFSETS(LIVENESS, copy -> copy.committed(offset -> 0)),
    OPEN_TRANSACTION_AMONG_THE_RESULTS(LIVENESS, copy -> {
        copy.results(UnaryOperator.identity());
        copy.openTransactionIn(copy.settings().topics().results());
    }),
    HOLD_THAT_NOBODY_ENDS(LIVENESS, copy -> {
        copy.idleMemberOfTheGroup();
        letAHoldRunOut(copy);
    }),

    PROGRESS_BEHIND_THE_GROUP(
            PROGRESS, copy -> copy.tables("UPDATE partition_progress SET next_offset = next_offset - 5")),
    PROGRESS_ROW_MISSING(PROGRESS, copy -> copy.tables("DELETE FROM partition_progress WHERE partition = 1")),
    PROGRESS_OF_ANOTHER_TOPIC(
            PROGRESS, copy -> copy.tables("UPDATE partition_progress SET topic_id = gen_random_uuid()"));

    private final Promise promise;

    @SuppressWarnings("ImmutableEnumChecker") // None of them keeps anything.
    private final Consumer<Copy> plant;

    Fault(Promise promise, Consumer<Copy> plant) {
        this.promise = promise;
        this.plant = plant;
    }

    /** The promise that is broken. */
    Promise promise() {
        return promise;
    }

    void plantIn(Copy copy) {
        plant.accept(copy);
    }

    /** Five minutes ago. */
    static void letAHoldRunOut(Copy copy) {
        copy.tables("UPDATE bookings SET hold_expires_at = now() - interval '5 minutes' WHERE id = '"
                + History.EVES_HOLD + "'");
    }

    private static void plantWrongCounters(Copy copy) {
        copy.result(
                History.BOB,
                0,
                replace("\"confirmed\":5,\"held\":0,\"available\":5", "\"confirmed\":4,\"held\":0,\"available\":6"));
    }

    /** Both got the one place, each after the same state of the event. */
    private static void plantSecondWinner(Copy copy) {
        copy.results(records -> {
            ProducerRecord<byte[], byte[]> bob = firstOf(History.BOB_AT_ONE_PLACE, records);
            String accepted = Copy.text(firstOf(History.ALICE_AT_ONE_PLACE, records))
                    .replace(History.ALICE_AT_ONE_PLACE.toString(), History.BOB_AT_ONE_PLACE.toString())
                    .replace("alice", "bob")
                    .replaceAll("\"position\":\\{[^}]*}", position(bob));
            return replace(records, Map.of(bob, Copy.withValue(bob, accepted)));
        });
    }

    private static String position(ProducerRecord<byte[], byte[]> result) {
        return Copy.text(result).replaceAll(".*(\"position\":\\{[^}]*}).*", "$1");
    }

    private static String extraBooking(String eventId) {
        return "INSERT INTO bookings (event_id, user_id, one_place) VALUES ('" + eventId + "', 'mallory', "
                + eventId.equals(History.ONE_PLACE) + ")";
    }

    private static UnaryOperator<String> replace(String before, String after) {
        return text -> text.replace(before, after);
    }

    private static String swapped(String text, String id, String otherId, String user, String otherUser) {
        return text.replace(id, otherId).replace("\"" + user + "\"", "\"" + otherUser + "\"");
    }

    private static ProducerRecord<byte[], byte[]> firstOf(
            UUID commandId, List<ProducerRecord<byte[], byte[]>> records) {
        return Copy.resultsOf(commandId, records).get(0);
    }

    /** The first of them changed. */
    private static List<ProducerRecord<byte[], byte[]>> first(
            List<ProducerRecord<byte[], byte[]>> records, UnaryOperator<ProducerRecord<byte[], byte[]>> change) {
        return replace(records, Map.of(records.get(0), change.apply(records.get(0))));
    }

    /** Each of these by its other, in its place. */
    private static List<ProducerRecord<byte[], byte[]>> replace(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<ProducerRecord<byte[], byte[]>, ProducerRecord<byte[], byte[]>> others) {
        return records.stream()
                .map(record -> others.getOrDefault(record, record))
                .toList();
    }

    private static List<ProducerRecord<byte[], byte[]>> without(
            List<ProducerRecord<byte[], byte[]>> records, ProducerRecord<byte[], byte[]> one) {
        return records.stream().filter(record -> !record.equals(one)).toList();
    }

    private static List<ProducerRecord<byte[], byte[]>> with(
            List<ProducerRecord<byte[], byte[]>> records, ProducerRecord<byte[], byte[]> more) {
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>(records);
        all.add(more);
        return all;
    }

    /** Without the last records of an event. */
    private static List<ProducerRecord<byte[], byte[]>> withoutEvent(
            List<ProducerRecord<byte[], byte[]>> records, String eventId, int last) {
        List<ProducerRecord<byte[], byte[]>> ofEvent = records.stream()
                .filter(record -> Copy.text(record).contains("\"eventId\":\"" + eventId + "\""))
                .toList();
        List<ProducerRecord<byte[], byte[]>> removed =
                ofEvent.subList(Math.max(0, ofEvent.size() - last), ofEvent.size());
        return records.stream().filter(record -> !removed.contains(record)).toList();
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(
                record.headers().lastHeader("__streams.errors." + name).value(), StandardCharsets.UTF_8);
    }
}
