package booking.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import booking.schemas.json.ByteMutator;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import booking.schemas.result.ResultEncoder;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the bytes: a reader of results or availability gets a record or a {@link SerializationException}. */
class UnreadableRecordsTest {
    private static final int MUTANTS = 50_000;

    private static final String ACCEPTED = """
            {"type":"book","commandId":"01990f3d-11d0-7b5e-9c0d-5a1b2c3d4e5f","eventId":"concert-42","outcome":"ACCEPTED",\
            "bookingId":"01990f3d-11d0-7b5e-9c0d-5a1b2c3d4e5f","status":"CONFIRMED","userId":"alice","quantity":2,\
            "event":{"version":57,"capacity":100,"confirmed":97,"held":2,"available":1},\
            "position":{"partition":3,"offset":5120},"decidedAt":"2026-11-22T10:15:30.123Z"}""";
    private static final String REJECTED = ACCEPTED.replace(
                    "\"ACCEPTED\"", "\"REJECTED\",\"reason\":\"SOLD_OUT\",\"detail\":\"d\"")
            .replace("\"status\":\"CONFIRMED\",", "");
    private static final String HELD = ACCEPTED.replace(
                    "\"CONFIRMED\"", "\"HELD\",\"holdExpiresAt\":\"2026-11-22T10:25:30.123Z\"")
            .replace("\"book\"", "\"hold\"");
    private static final String WAITING = ACCEPTED.replace("\"book\"", "\"joinWaitlist\"")
            .replaceFirst("\"bookingId\":\"[^\"]*\",\"status\":\"CONFIRMED\"", "\"waitlistPosition\":7");
    private static final String AVAILABILITY = """
            {"eventId":"concert-42","name":"Concert","date":"2027-05-01T20:00:00Z","venue":"main","status":"OPEN",\
            "isBooked":false,"event":{"version":57,"capacity":100,"confirmed":97,"held":2,"available":1},\
            "updatedAt":"2026-11-22T10:15:30.123Z"}""";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\"book\", \"steal\"",
                "\"book\", 7",
                "\"type\":\"book\", \"type\":null",
                "\"REJECTED\", \"UNDECIDED\"",
                "SOLD_OUT, SOLD_WELL",
                "\"reason\":\"SOLD_OUT\", \"reason\":1",
                "\"detail\":\"d\", \"detail\":null",
                "\"userId\":\"alice\", \"userId\":7",
                "\"quantity\":2, \"quantity\":\"2\"",
                "\"quantity\":2, \"quantity\":2.5",
                "\"quantity\":2, \"quantity\":0",
                "\"quantity\":2, \"quantity\":1e9999999999",
                "\"bookingId\":\"01990f3d-11d0, \"bookingId\":\"01990f3d1-1d0",
                "\"commandId\":\"01990f3d-11d0, \"commandId\":\"1990f3d-11d0",
                "\"version\":57, \"version\":0",
                "\"version\":57, \"version\":\"57\"",
                "\"offset\":5120, \"offset\":-1",
                "\"offset\":5120, \"offset\":5120.5",
                "\"decidedAt\":\"2026, \"decidedAt\":\"26",
                "\"decidedAt\":\"2026-11-22T10:15:30.123Z\"}, \"decidedAt\":\"2026-11-22T10:15:30.123Z\"",
                "\"decidedAt\":\"2026-11-22T10:15:30.123Z\"}, \"decidedAt\":\"2026-11-22T10:15:30.123Z\"}{}",
                "\"eventId\":\"concert-42\", \"eventId\":null",
                "\"position\":{, \"position\":[{",
                "\"position\":, \"p\":",
                "\"event\":, \"event\":null\\,\"e\":",
            })
    void aResultThatBreaksTheContractIsUnreadable(String good, String bad) {
        assertThat(REJECTED).contains(good);

        assertThatThrownBy(() -> new ResultDecoder()
                        .decode(REJECTED.replace(good, bad.replace("\\,", ",")).getBytes(UTF_8)))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("not a booking result: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"holdExpiresAt\":\"2026-11-22T10:25:30.123Z\" | \"holdExpiresAt\":null",
                "\"holdExpiresAt\":\"2026-11-22T10:25:30.123Z\" | \"holdExpiresAt\":\"soon\"",
                "\"holdExpiresAt\" | \"expires\"",
                "\"HELD\" | \"KEPT\"",
            })
    void aHoldThatBreaksTheContractIsUnreadable(String good, String bad) {
        requireUnreadableWhenBroken(HELD, good, bad);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"waitlistPosition\":7 | \"waitlistPosition\":0",
                "\"waitlistPosition\":7 | \"waitlistPosition\":1.5",
                "\"waitlistPosition\":7 | \"waitlistPosition\":\"7\"",
                "\"waitlistPosition\" | \"place\"",
                "\"userId\" | \"user\"",
                "\"quantity\" | \"seats\"",
            })
    void aPlaceInTheLineThatBreaksTheContractIsUnreadable(String good, String bad) {
        requireUnreadableWhenBroken(WAITING, good, bad);
    }

    private static void requireUnreadableWhenBroken(String json, String good, String bad) {
        assertThat(json).contains(good);
        assertThat(new ResultDecoder().decode(json.getBytes(UTF_8))).isNotNull();

        assertThatThrownBy(
                        () -> new ResultDecoder().decode(json.replace(good, bad).getBytes(UTF_8)))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("not a booking result: ");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"``", "` `", "null", "[]", "`{}`", "7", "`\"text\"`"})
    void whatIsNoObjectIsUnreadable(String json) {
        assertThatThrownBy(() -> new ResultDecoder().decode(json.getBytes(UTF_8)))
                .isInstanceOf(SerializationException.class);
        assertThatThrownBy(() -> new AvailabilityCodec().decode(json.getBytes(UTF_8)))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void mutatedResultsAreReadAndWrittenTheSameOrUnreadable() {
        ResultEncoder encoder = new ResultEncoder();
        ResultDecoder decoder = new ResultDecoder();

        int readable = mutate(
                List.of(ACCEPTED, REJECTED, HELD, WAITING),
                decoder::decode,
                result -> requireSame(result, decoder, encoder));

        assertThat(readable).isGreaterThan(MUTANTS / 100);
    }

    @Test
    void mutatedAvailabilityIsReadAndWrittenTheSameOrUnreadable() {
        AvailabilityCodec codec = new AvailabilityCodec();

        int readable = mutate(List.of(AVAILABILITY), codec::decode, (Availability availability) -> {
            if (!codec.decode(codec.encode(availability)).equals(availability)) {
                throw new AssertionError(availability);
            }
        });

        assertThat(readable).isGreaterThan(MUTANTS / 100);
    }

    private static void requireSame(Result result, ResultDecoder decoder, ResultEncoder encoder) {
        if (!decoder.decode(encoder.encode(result)).equals(result)) {
            throw new AssertionError(result);
        }
    }

    /** Gives each mutant that can be read to the check, and counts them. */
    private static <T> int mutate(List<String> originals, Function<byte[], T> read, Consumer<T> check) {
        long seed = Long.getLong("mutation.seed", System.nanoTime());
        ByteMutator mutator = new ByteMutator(
                new Random(seed),
                originals.stream().map(text -> text.getBytes(UTF_8)).toList());
        int readable = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = mutator.mutate(originals.get(i % originals.size()).getBytes(UTF_8));
            try {
                check.accept(read.apply(mutant));
                readable++;
            } catch (SerializationException unreadable) {
                // As it says.
            } catch (Throwable e) {
                throw new AssertionError(
                        "seed " + seed + ", mutant " + i + ": <" + new String(mutant, UTF_8) + "> " + e, e);
            }
        }
        return readable;
    }
}
