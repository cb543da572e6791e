package booking.processor.followup;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.decision.Event;
import booking.processor.decision.SalesTerms;
import booking.processor.decision.Slot;
import booking.processor.decision.Waiting;
import booking.processor.store.Lines;
import booking.processor.store.RunOutHold;
import booking.processor.store.UserAtEvent;
import booking.schemas.availability.EventStatus;
import booking.schemas.command.Command;
import booking.schemas.command.ExpireHold;
import booking.schemas.command.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FollowUpsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:15:30Z");
    private static final Slot MAY = new Slot("main", Instant.parse("2027-05-01T20:00:00Z"));
    private static final UUID HOLD = UUID.fromString("01990f3c-7a52-7c11-8a5e-000000000001");
    private static final SalesTerms TWO_EACH = new SalesTerms(OptionalInt.of(2), Optional.empty(), Optional.empty());

    private final FollowUps followUps = new FollowUps(Duration.ofMinutes(10));

    @Test
    void aHoldThatHasRunOutIsEnded() {
        List<Command> commands = followUps.ends(List.of(new RunOutHold("E1", HOLD)), NOW);

        assertThat(commands)
                .containsExactly(new ExpireHold(commands.get(0).commandId(), "E1", HOLD, OptionalLong.empty()));
    }

    @Test
    void twoProcessorsWriteTheSameCommandForOneHold() {
        List<RunOutHold> seen = List.of(new RunOutHold("E1", HOLD));

        assertThat(followUps.ends(seen, NOW))
                .isEqualTo(new FollowUps(Duration.ofMinutes(10)).ends(seen, NOW.plusMillis(900)));
    }

    @Test
    void aHoldThatIsStillThereLaterIsEndedByAnotherCommand() {
        List<RunOutHold> seen = List.of(new RunOutHold("E1", HOLD));

        assertThat(followUps.ends(seen, NOW)).doesNotContainAnyElementsOf(followUps.ends(seen, NOW.plusSeconds(5)));
    }

    @Test
    void freeSeatsAreOfferedInTheOrderOfTheLine() {
        List<Command> commands = followUps.offers(
                lines(event(3, SalesTerms.NONE), waiting("alice", 2, 5), waiting("bob", 1, 4), waiting("carol", 1, 6)),
                NOW);

        assertThat(commands).extracting(command -> ((Hold) command).userId()).containsExactly("bob", "alice");
        assertThat(commands).allSatisfy(command -> {
            assertThat(((Hold) command).holdSeconds()).isEqualTo(600);
            assertThat(((Hold) command).waitlistId()).isPresent();
        });
    }

    @Test
    void whoWantsMoreThanIsFreeIsPassedOver() {
        assertThat(followUps.offers(
                        lines(event(1, SalesTerms.NONE), waiting("alice", 2, 4), waiting("bob", 1, 5)), NOW))
                .extracting(command -> ((Hold) command).userId())
                .containsExactly("bob");
    }

    @Test
    void whoHasReachedTheLimitIsPassedOver() {
        Lines lines = new Lines(
                List.of(event(2, TWO_EACH)),
                Map.of("E1", new TreeMap<>(Map.of(4L, waiting("alice", 1, 4), 5L, waiting("bob", 1, 5)))),
                Map.of(new UserAtEvent("E1", "alice"), 2L));

        assertThat(followUps.offers(lines, NOW))
                .extracting(command -> ((Hold) command).userId())
                .containsExactly("bob");
    }

    @Test
    void aPlaceInTheLineIsOfferedSeatsOnceInARound() {
        Lines lines = lines(event(1, SalesTerms.NONE), waiting("alice", 1, 4));

        assertThat(followUps.offers(lines, NOW))
                .isEqualTo(followUps.offers(lines, NOW.plusMillis(900)))
                .doesNotContainAnyElementsOf(followUps.offers(lines, NOW.plusSeconds(5)));
    }

    @Test
    void noMoreIsOfferedAtOnceThanIsRememberedUntilItIsDecided() {
        Waiting[] line = LongStream.range(0, 2_000)
                .mapToObj(place -> new Waiting(new UUID(0, place), "E1", "user-" + place, 1, place, NOW))
                .toArray(Waiting[]::new);
        Event grown = new Event(
                "E1", "Concert", MAY, EventStatus.OPEN, 7, 2_000, 0, 0, SalesTerms.NONE, line.length, NOW, NOW);

        assertThat(followUps.offers(lines(grown, line), NOW))
                .extracting(command -> ((Hold) command).waitlistId().orElseThrow())
                .containsExactlyElementsOf(
                        Stream.of(line).limit(500).map(Waiting::id).toList());
    }

    private static Lines lines(Event event, Waiting... waiting) {
        SortedMap<Long, Waiting> line = new TreeMap<>();
        for (Waiting inLine : waiting) {
            line.put(inLine.place(), inLine);
        }
        return new Lines(List.of(event), Map.of("E1", line), Map.of());
    }

    private static Waiting waiting(String userId, int quantity, long place) {
        return new Waiting(UUID.nameUUIDFromBytes(new byte[] {(byte) place}), "E1", userId, quantity, place, NOW);
    }

    private static Event event(int free, SalesTerms sales) {
        return new Event("E1", "Concert", MAY, EventStatus.OPEN, 7, 10, 10 - free, 0, sales, 3, NOW, NOW);
    }
}
