package booking.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final Effect HIT = Effect.hit("it is gone");
    private static final Effect MISSED = Effect.missed("it was gone already");
    private static final Optional<Duration> SOON = Optional.of(Duration.ofMillis(2_500));

    @Test
    void aFaultThatTookEffectOnceWasTried() {
        Summary summary = summary(round(Fault.KILL_BROKER, HIT, SOON), round(Fault.KILL_BROKER, MISSED, SOON));

        assertThat(summary.isConclusive()).isTrue();
        assertThat(printed(summary)).contains("missed: kill-broker (1 of 2 rounds)");
    }

    @Test
    void aFaultThatNeverTookEffectIsNamedAndLeavesTheRunInconclusive() {
        Summary summary = summary(round(Fault.NONE, HIT, SOON), round(Fault.KILL_BROKER, MISSED, SOON));

        assertThat(summary.neverHit()).containsExactly(Fault.KILL_BROKER);
        assertThat(summary.isConclusive()).isFalse();
        assertThat(printed(summary)).contains("NEVER TOOK EFFECT: kill-broker (1 of 1 rounds)");
    }

    @Test
    void aRoundThatDidNotRecoverIsCountedAndIsNoFastRecovery() {
        Summary summary = summary(round(Fault.KILL_BROKER, HIT, SOON), round(Fault.KILL_BROKER, HIT, Optional.empty()));

        assertThat(printed(summary))
                .contains("| kill-broker | 2 | 0 | 200 | 14 | 0 | 1 | 2.5 | 2.5 | 2.5 |")
                .contains("14 given up by clients");
        assertThat(summary.rounds().get(1).line()).contains(" never ").doesNotContain("0.0 s");
    }

    @Test
    void whereNoRoundRecoveredThereIsNoTime() {
        Summary summary = summary(round(Fault.KILL_BROKER, HIT, Optional.empty()));

        assertThat(printed(summary)).contains("| all | 1 | 0 | 100 | 7 | 0 | 1 | - | - | - |");
    }

    @Test
    void anErrorIsToldBesideTheRoundsBeforeIt() {
        Summary summary = new Summary(
                5, List.of(round(Fault.NONE, HIT, SOON)), List.of(), Optional.of("round 2, seed 7: it broke"));

        assertThat(summary.isConclusive()).isFalse();
        assertThat(printed(summary))
                .contains("BROKEN OFF: round 2, seed 7: it broke")
                .contains("| none | 1 |")
                .contains("seed 5");
    }

    @Test
    void aRunThatTriedNothingKnowsNothing() {
        Summary summary = new Summary(5, List.of(), List.of("round 1, wrong-clock: no library"), Optional.empty());

        assertThat(summary.isConclusive()).isFalse();
        assertThat(printed(summary))
                .contains("left out: round 1, wrong-clock: no library")
                .contains("nothing is known");
    }

    private static Summary summary(Round... rounds) {
        return new Summary(5, List.of(rounds), List.of(), Optional.empty());
    }

    private static Round round(Fault fault, Effect effect, Optional<Duration> recovery) {
        return new Round(1, 9, fault, effect, "optimistic", 100, 7, 3, recovery, List.of());
    }

    private static String printed(Summary summary) {
        StringWriter written = new StringWriter();
        summary.print(new PrintWriter(written));
        return written.toString();
    }
}
