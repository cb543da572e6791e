package booking.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On {@code cat}, which says again what it is told as long as it does not stand still. */
class PauseTest {
    private final Process cat;

    PauseTest() throws IOException {
        cat = new ProcessBuilder("cat").start();
    }

    @AfterEach
    void end() throws InterruptedException {
        cat.destroyForcibly().waitFor();
    }

    @Test
    void aProcessStandsStillUntilThePauseIsOver() throws Exception {
        try (Pause pause = Pause.of(List.of(cat.toHandle()))) {
            assertThat(pause.stopped()).isEqualTo(1);
            say();
            assertThat(cat.getInputStream().available()).isZero();
        }
        assertThat(cat.getInputStream().read()).isEqualTo('x');
    }

    @Test
    void aProcessThatIsGoneDoesNotStandStill() throws Exception {
        end();

        try (Pause pause = Pause.of(List.of(cat.toHandle()))) {
            assertThat(pause.stopped()).isZero();
        }
    }

    @Test
    void nobodyStandsStillWhereNobodyIs() {
        assertThatNoException().isThrownBy(() -> {
            try (Pause pause = Pause.of(List.of())) {
                assertThat(pause.stopped()).isZero();
            }
        });
    }

    private void say() throws IOException {
        cat.getOutputStream().write('x');
        cat.getOutputStream().flush();
    }
}
