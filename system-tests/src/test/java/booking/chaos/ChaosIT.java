package booking.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.TemporaryDirectory;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A short selection of what {@code ./booking chaos} does for as long as one likes. */
final class ChaosIT {
    private static final long SEED = 20_261_123;
    private static final int ROUNDS_EACH = 5;
    private static final int RATE = 300;

    private static final List<Fault> FAULTS = List.of(
            Fault.KILL_PROCESSOR,
            Fault.KILL_BROKER,
            Fault.CUT_PROCESSORS_FROM_DATABASE,
            Fault.KILL_GATEWAY,
            Fault.KILL_POSTGRES,
            Fault.PAUSE_PROCESSOR,
            Fault.END_DATABASE_SESSIONS,
            Fault.KILL_ALL_PROCESSORS,
            Fault.CUT_PROCESSORS_FROM_BROKER,
            Fault.PAUSE_POSTGRES_BACKEND);

    private static final List<Fault> FAULTS_OF_A_CLUSTER = List.of(Fault.KILL_BROKER, Fault.KILL_PROCESSOR);

    private static final List<Fault> FAULTS_OF_A_PAIR = List.of(Fault.FAIL_OVER_POSTGRES, Fault.FAIL_OVER_POSTGRES);

    @Test
    void promisesHoldThroughFaults() throws InterruptedException {
        requirePromisesHold(FAULTS, Layout.LOCAL);
    }

    @Test
    void promisesHoldOnThreeBrokers() throws InterruptedException {
        requirePromisesHold(FAULTS_OF_A_CLUSTER, Layout.LOCAL.withBrokers(3));
    }

    @Test
    void promisesHoldThroughFailOversToASynchronousStandby() throws InterruptedException {
        requirePromisesHold(FAULTS_OF_A_PAIR, Layout.LOCAL.withStandby());
    }

    @Test
    void anErrorBreaksOffTheRunWithASummaryAndWhatIsNeededToLookIntoIt() throws Exception {
        // Longer than processors take.
        Layout layout = new Layout(1, false, Duration.ofHours(1));
        try (TemporaryDirectory temporary = TemporaryDirectory.create("booking-chaos-");
                RunDirectory directory = RunDirectory.at(temporary.path())) {
            Summary summary = new Chaos(2, 2, SEED, List.of(Fault.NONE), RATE, layout, directory)
                    .run(new PrintWriter(Writer.nullWriter()));

            assertThat(summary.brokenOff())
                    .hasValueSatisfying(error ->
                            assertThat(error).startsWith("before round 1").contains("ended while starting"));
            assertThat(directory.path().resolve("system-1"))
                    .isDirectoryContaining("glob:**/processor-0.log")
                    .isDirectoryContaining("glob:**/kafka-1");
            assertThat(directory.path().resolve("system-1").resolve(RunDirectory.FINDINGS))
                    .content()
                    .contains("seed " + SEED, "IllegalStateException");
        }
    }

    private static void requirePromisesHold(List<Fault> faults, Layout layout) throws InterruptedException {
        try (TemporaryDirectory temporary = TemporaryDirectory.create("booking-chaos-");
                RunDirectory directory = RunDirectory.at(temporary.path())) {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            Summary summary = new Chaos(faults.size(), ROUNDS_EACH, SEED, faults, RATE, layout, directory).run(out);
            summary.print(out);
            assertThat(summary.rounds()).hasSameSizeAs(faults).allSatisfy(round -> {
                assertThat(round.violations()).as("violations").isEmpty();
                assertThat(round.effect()).as("effect").matches(Effect::isHit);
                assertThat(round.acknowledged()).as("commands").isGreaterThan(100);
                assertThat(round.answered()).as("answers over HTTP").isPositive();
            });
        }
    }
}
