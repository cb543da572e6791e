package booking.chaos;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import booking.embedded.TemporaryDirectory;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosTest {
    @Test
    void aRunOfNothingIsRefusedRatherThanGood() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chaos(0, List.of(Fault.NONE), 1))
                .withMessage("rounds must be 1 or more, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chaos(1, List.of(), 1))
                .withMessage("faults must name at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chaos(1, List.of(Fault.NONE), 0))
                .withMessage("rate must be 1 or more, was 0");
    }

    private static void chaos(int rounds, List<Fault> faults, int rate) {
        try (TemporaryDirectory directory = TemporaryDirectory.create("chaos-");
                RunDirectory run = RunDirectory.at(directory.path())) {
            var unused = new Chaos(rounds, 1, 1, faults, rate, Layout.LOCAL, run);
        }
    }
}
