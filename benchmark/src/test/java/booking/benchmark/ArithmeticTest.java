package booking.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.CommandEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    @Test
    void theMedianIsTheOneInTheMiddle() {
        assertThat(Median.of(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    }

    @Test
    void theMedianOfAnEvenNumberLiesHalfwayBetweenTheTwoInTheMiddle() {
        assertThat(Median.of(List.of(4.0, 100.0, 1.0, 2.0))).isEqualTo(3);
    }

    @Test
    void thereIsNoMedianOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Median.of(List.of()));
    }

    @Test
    void theFirstOfZipfIsDrawnTwiceAsOftenAsTheSecondAndTenTimesAsOftenAsTheTenth() {
        int[] drawn = draw(new Zipf(10_000, 1.0), 10_000, 1_000_000);

        assertThat(drawn[0] / (double) drawn[1]).isCloseTo(2, within(0.1));
        assertThat(drawn[0] / (double) drawn[9]).isCloseTo(10, within(0.5));
        // The harmonic number of ten thousand is 9.7876.
        assertThat(drawn[0] / 1_000_000.0).isCloseTo(1 / 9.7876, within(0.003));
    }

    @Test
    void withoutAnExponentAllAreDrawnAlike() {
        int[] drawn = draw(new Zipf(4, 0), 4, 100_000);

        for (int count : drawn) {
            assertThat(count).isCloseTo(25_000, within(1_000));
        }
    }

    private static int[] draw(Zipf zipf, int numbers, int times) {
        SplittableRandom random = new SplittableRandom(1);
        int[] drawn = new int[numbers];
        for (int i = 0; i < times; i++) {
            drawn[zipf.next(random)]++;
        }
        return drawn;
    }

    @Test
    void aPercentileIsWhatSoManyOfAHundredDidNotExceed() {
        Tally tally = new Tally();
        tally.begins(0);
        for (int i = 1; i <= 1_000; i++) {
            tally.answered(request(i - 1), Answer.REJECTED, 0, i * MILLI);
        }

        assertThat(tally.percentileMillis(50)).isCloseTo(500, within(1.0));
        assertThat(tally.percentileMillis(99)).isCloseTo(990, within(1.0));
        assertThat(tally.percentileMillis(99.9)).isCloseTo(999, within(1.0));
        assertThat(tally.throughput()).isCloseTo(1_000, within(0.001));
    }

    @Test
    void aLateRequestWaitsFromWhenItWasMeantToBeSent() {
        Pace.Open pace = new Pace.Open(1_000);
        Tally tally = new Tally();
        tally.begins(0);
        // All answered at once after a second in which nothing was: none of them waited for nothing.
        for (int i = 0; i < 1_000; i++) {
            tally.answered(request(i), Answer.ACCEPTED, pace.dueNanos(i), 1_000 * MILLI);
        }

        assertThat(tally.percentileMillis(50)).isCloseTo(500, within(2.0));
    }

    @Test
    void noLatencyIsCutShort() {
        Tally tally = new Tally();
        tally.answered(request(0), Answer.ACCEPTED, 0, Duration.ofHours(1).toNanos());

        assertThat(tally.percentileMillis(99.9)).isCloseTo(3_600_000, within(3_600.0));
    }

    @Test
    void aFixedRateIsKeptForAsLongAsItTakesToTellOneInAThousand() {
        BenchmarkPlan plan = plan(1_000);

        assertThat(plan.timeOf(new Pace.Open(100))).isEqualTo(Duration.ofSeconds(10));
        assertThat(plan.timeOf(new Pace.Open(1))).isEqualTo(Duration.ofSeconds(10));
        assertThat(plan.timeOf(new Pace.Open(10_000))).isEqualTo(Duration.ofSeconds(1));
        assertThat(plan.timeOf(new Pace.Closed(64))).isEqualTo(Duration.ofSeconds(1));
    }

    private static BenchmarkPlan plan(int fewestAtARate) {
        return new BenchmarkPlan(
                List.of(Contender.LIMIT),
                List.of(Workload.CALENDAR),
                List.of(64),
                List.of(),
                List.of(),
                List.of(0L),
                Set.of(),
                1,
                Duration.ofSeconds(1),
                fewestAtARate,
                Duration.ofSeconds(1),
                1,
                false,
                false);
    }

    @Test
    void whicheverTheSystemAWriterToKafkaHasAsManyCommandsUnderWay() {
        for (Contender contender : Contender.values()) {
            int expected = contender.transport() == Contender.Transport.KAFKA ? 200 : 1;

            assertThat(contender.underWay(1)).as(contender.id()).isEqualTo(expected);
        }
    }

    @Test
    void whoRefusesSeatsThatNobodyHasIsNoticed() {
        Tally tally = new Tally();
        tally.answered(request(0), Answer.ACCEPTED, 0, MILLI);
        tally.answered(request(1), Answer.REJECTED, 0, MILLI);
        tally.answered(request(2), Answer.REJECTED, 0, MILLI);

        assertThat(tally.eventsThatRefusedFreeSeats(event -> 1)).isZero();
        assertThat(tally.eventsThatRefusedFreeSeats(event -> 2)).isEqualTo(1);
    }

    @Test
    void whoGivesAllThatIsWantedIsNotTakenForSomebodyWhoRefuses() {
        Tally tally = new Tally();
        tally.answered(request(0), Answer.ACCEPTED, 0, MILLI);
        tally.answered(request(1), Answer.GAVE_UP, 0, MILLI);

        assertThat(tally.eventsThatRefusedFreeSeats(event -> 2_000_000_000)).isZero();
    }

    @Test
    void aRefusedCancellationOfABookingIsNoticed() {
        Tally tally = new Tally();
        Command cancel = new Cancel(new UUID(1, 1), "event", new UUID(1, 0), Optional.empty(), OptionalLong.empty());
        tally.answered(new Requests.Request(1, false, cancel), Answer.REJECTED, 0, MILLI);

        assertThat(tally.complaints()).containsExactly("request 1, cancel, was refused");
    }

    @Test
    void eachEventHasTheSeatsOfItsWorkload() {
        Requests requests = new Requests(Workload.SALE_DAY, "run12", 7);

        assertThat(requests.seatsOf("run12-0")).isEqualTo(50);
        assertThat(requests.seatsOf("run12-19")).isEqualTo(20_000);
    }

    @Test
    void whatIsNoDecisionIsNotCountedAsOne() {
        Tally tally = new Tally();
        tally.begins(0);
        tally.answered(request(0), Answer.GAVE_UP, 0, MILLI);
        tally.answered(request(1), Answer.ACCEPTED, 0, MILLI);

        assertThat(tally.decided()).isEqualTo(1);
        assertThat(tally.gaveUp()).isEqualTo(1);
        assertThat(tally.seatsGiven()).isEqualTo(1);
    }

    @Test
    void anotherAnswerToTheSameRequestIsNoticed() {
        Tally tally = new Tally();
        tally.answered(request(0), Answer.ACCEPTED, 0, MILLI);
        tally.answered(request(0), Answer.ACCEPTED, 0, MILLI);
        assertThat(tally.complaints()).isEmpty();
        assertThat(tally.seatsGiven()).isEqualTo(1);

        tally.answered(request(0), Answer.REJECTED, 0, MILLI);

        assertThat(tally.complaints()).hasSize(1);
    }

    @Test
    void theTimeOfAProcessIsReadWithThatOfItsChildren() {
        String stat = "4711 (a name) with) S 1 4711 4711 0 -1 4194560 1 2 3 4 100 50 25 25 20 0 1 0 5 6 7";

        assertThat(CpuTime.ofStat(stat)).isEqualTo(2.0);
    }

    @Test
    void aResultIsFoundToBeTheAnswerToOneOfOurs() {
        Requests requests = new Requests(Workload.STADIUM, "run1", 7);
        requests.next();
        Requests.Request second = requests.next();
        byte[] command = new CommandEncoder().encode(second.command());

        assertThat(new ResultText(requests.salt()).index(command)).isEqualTo(1);
        assertThat(new ResultText(requests.salt() + 1).index(command)).isEqualTo(-1);
        assertThat(ResultText.isAccepted("{\"outcome\":\"ACCEPTED\"}".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(ResultText.isAccepted("{\"outcome\":\"REJECTED\"}".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    @Test
    void noTwoRunsHaveTheSameIds() {
        Set<Long> salts = new HashSet<>();
        for (int run = 0; run < 1_000; run++) {
            for (int seed = 0; seed < 5; seed++) {
                assertThat(salts.add(new Requests(Workload.STADIUM, "run" + run, seed).salt()))
                        .as("run %d with seed %d", run, seed)
                        .isTrue();
            }
        }
    }

    @Test
    void aTwentiethOfTheCalendarIsAskedAgain() {
        Requests requests = new Requests(Workload.CALENDAR, "run1", 7);
        int again = 0;
        for (int i = 0; i < 100_000; i++) {
            again += requests.next().again() ? 1 : 0;
        }

        assertThat(again).isCloseTo(5_000, within(300));
    }

    private static Requests.Request request(int index) {
        return new Requests.Request(
                index, false, new Book(new UUID(1, index), "event", "user", 1, OptionalLong.empty()));
    }
}
