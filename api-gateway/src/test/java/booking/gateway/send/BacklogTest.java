package booking.gateway.send;

import static org.assertj.core.api.Assertions.assertThat;

import booking.gateway.send.Backlog.Cause;
import booking.schemas.command.CommandType;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BacklogTest {
    private static final int MOST = 1_000;

    private final Backlog backlog = backlog(MOST, Duration.ofSeconds(30));
    private long seconds;

    @Test
    void nothingIsRefusedBeforeAnythingWasSeen() {
        assertThat(refused(CommandType.BOOK)).isEmpty();
        assertThat(backlog.undecided()).isEmpty();
    }

    @Test
    void aboveTheBoundBookingsAreRefusedUntilHalfOfThemAreLeft() {
        look(0, MOST);
        assertThat(refused(CommandType.BOOK)).isEmpty();
        look(1, MOST + 1);
        assertThat(refused(CommandType.BOOK)).contains(Cause.TOO_MANY);
        look(500, MOST / 2 + 1);
        assertThat(refused(CommandType.BOOK)).contains(Cause.TOO_MANY);
        look(502, MOST / 2);
        assertThat(refused(CommandType.BOOK)).isEmpty();
        look(503, MOST);
        assertThat(refused(CommandType.BOOK)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = CommandType.class,
            names = {"CREATE_EVENT", "UPDATE_EVENT", "BOOK", "HOLD", "JOIN_WAITLIST"})
    void whatAsksForSomethingNewIsRefused(CommandType type) {
        look(0, MOST + 1);

        assertThat(refused(type)).contains(Cause.TOO_MANY);
    }

    @ParameterizedTest
    @EnumSource(
            value = CommandType.class,
            names = {"CONFIRM", "CANCEL", "LEAVE_WAITLIST", "CLOSE_EVENT"})
    void whatFinishesSomethingIsRefusedWhenThereAreTwiceTooMany(CommandType type) {
        look(0, 2 * MOST);
        assertThat(refused(type)).isEmpty();
        look(1, 2 * MOST + 1);
        assertThat(refused(type)).contains(Cause.TOO_MANY);
        look(2, MOST + 1);
        assertThat(refused(type)).contains(Cause.TOO_MANY);
        look(3, MOST);
        assertThat(refused(type)).isEmpty();
    }

    @Test
    void aProcessorThatStopsForSomeSecondsCausesNoRefusal() {
        look(7, 0);
        for (int second = 0; second <= 30; second++) {
            look(7, 5);
            assertThat(refused(CommandType.BOOK)).isEmpty();
        }
        look(7, 5);
        assertThat(refused(CommandType.BOOK)).contains(Cause.STALLED);
        assertThat(refused(CommandType.CONFIRM)).isEmpty();
        // One decision is enough.
        look(8, 4);
        assertThat(refused(CommandType.BOOK)).isEmpty();
    }

    @Test
    void leftoversOfAbortedTransactionsAreNotWaitedFor() {
        for (int second = 0; second < 3_600; second++) {
            leftovers(7, 5);
            assertThat(refused(CommandType.BOOK)).isEmpty();
        }
    }

    @Test
    void evenTooManyOfThemKeepNobodyOutForever() {
        leftovers(7, MOST + 1);
        assertThat(refused(CommandType.BOOK)).contains(Cause.TOO_MANY);
        seconds += 30;
        leftovers(7, MOST + 1);
        assertThat(refused(CommandType.BOOK)).isEmpty();
        // They are not counted any more, while others come and are decided.
        look(8, MOST + 1);
        assertThat(refused(CommandType.BOOK)).isEmpty();
        look(9, 2 * MOST + 1);
        assertThat(refused(CommandType.BOOK)).isEmpty();
        look(10, 2 * MOST + 2);
        assertThat(refused(CommandType.BOOK)).contains(Cause.TOO_MANY);
    }

    @Test
    void whatOthersGoOnWritingAreNoLeftovers() {
        for (int second = 0; second < 3_600; second++) {
            leftovers(7, MOST + 1 + second);
            assertThat(refused(CommandType.BOOK)).contains(Cause.TOO_MANY);
        }
    }

    @Test
    void leftoversThatAreGoneAreNotSubtracted() {
        leftovers(7, MOST);
        seconds += 31;
        leftovers(7, MOST);
        look(8, 0);
        look(9, MOST + 1);

        assertThat(refused(CommandType.BOOK)).contains(Cause.TOO_MANY);
    }

    @Test
    void commandsOfOursThatWaitAreNoLeftovers() {
        look(7, MOST + 1);
        seconds += 3_600;
        look(7, MOST + 1);

        assertThat(refused(CommandType.BOOK)).contains(Cause.STALLED);
        assertThat(backlog(MOST, Duration.ZERO)).satisfies(unhurried -> {
            unhurried.seen(new Standing(7, MOST + 1, true), 0);
            unhurried.seen(new Standing(7, MOST + 1, true), nanos(3_600));
            assertThat(unhurried.refusal(CommandType.BOOK).map(Backlog.Refusal::cause))
                    .contains(Cause.TOO_MANY);
        });
    }

    @Test
    void slowIsNotStalled() {
        for (int decided = 0; decided < 100; decided++) {
            look(decided, 50);
            seconds += 10;
            assertThat(refused(CommandType.BOOK)).isEmpty();
        }
    }

    @Test
    void timeInWhichNothingWaitedDoesNotCount() {
        look(7, 0);
        seconds += 3_600;
        look(7, 1);

        assertThat(refused(CommandType.BOOK)).isEmpty();
    }

    @Test
    void timeInWhichKafkaCouldNotBeAskedDoesNotCount() {
        look(7, 0);
        look(7, 1);
        for (int second = 0; second < 25; second++) {
            look(7, 1);
        }
        for (int second = 0; second < 25; second++) {
            backlog.notSeen(nanos(seconds++));
        }
        look(7, 1);
        assertThat(refused(CommandType.BOOK)).isEmpty();
    }

    @Test
    void whatIsRefusedStaysSoForAMomentWhenKafkaCannotBeAsked() {
        look(0, MOST + 1);
        backlog.notSeen(nanos(seconds));
        assertThat(refused(CommandType.BOOK)).contains(Cause.TOO_MANY);
        seconds += 30;
        backlog.notSeen(nanos(seconds));
        assertThat(refused(CommandType.BOOK)).isEmpty();
        assertThat(backlog.undecided()).isEmpty();
    }

    @Test
    void itSaysWhenHalfOfThemWillBeLeftAtTheSpeedSeen() {
        look(0, 2_600);
        look(100, 2_500);

        assertThat(backlog.refusal(CommandType.BOOK).orElseThrow().retryAfterSeconds())
                .isEqualTo(20);
    }

    @Test
    void itNeverSaysMoreThanAMinute() {
        look(0, 1_000_000);
        look(1, 1_000_000);

        assertThat(backlog.refusal(CommandType.BOOK).orElseThrow().retryAfterSeconds())
                .isEqualTo(60);
    }

    @Test
    void zeroIsNoBound() {
        Backlog unbounded = backlog(0, Duration.ZERO);
        unbounded.seen(new Standing(0, Long.MAX_VALUE / 4, true), 0);
        unbounded.seen(new Standing(0, Long.MAX_VALUE / 4, true), nanos(1_000_000));

        assertThat(unbounded.isShedding()).isFalse();
    }

    private void look(long decided, long undecided) {
        backlog.seen(new Standing(decided, undecided, undecided > 0), nanos(seconds));
        seconds++;
    }

    private void leftovers(long decided, long undecided) {
        backlog.seen(new Standing(decided, undecided, false), nanos(seconds));
        seconds++;
    }

    private Optional<Cause> refused(CommandType type) {
        return backlog.refusal(type).map(Backlog.Refusal::cause);
    }

    private static long nanos(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private static Backlog backlog(int most, Duration longestStall) {
        return new Backlog(new BacklogSettings("group", most, longestStall));
    }
}
