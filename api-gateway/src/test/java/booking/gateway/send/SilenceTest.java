package booking.gateway.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Silence silence = new Silence(Duration.ofSeconds(5), nanos::get);

    @Test
    void whoHasNothingToAnswerIsNotSilent() {
        pass(Duration.ofDays(1));
        assertThat(silence.isTooLong()).isFalse();
        silence.sent();
        assertThat(silence.isTooLong()).isFalse();
    }

    @Test
    void noAnswerForTooLongIsSilence() {
        silence.sent();
        pass(Duration.ofSeconds(5));
        assertThat(silence.isTooLong()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(silence.isTooLong()).isTrue();
    }

    @Test
    void sendingMoreDoesNotEndTheSilenceButAnyAnswerDoes() {
        silence.sent();
        pass(Duration.ofSeconds(4));
        silence.sent();
        pass(Duration.ofSeconds(2));
        assertThat(silence.isTooLong()).isTrue();
        silence.heard();
        assertThat(silence.isTooLong()).isFalse();
        pass(Duration.ofSeconds(6));
        assertThat(silence.isTooLong()).isTrue();
        silence.heard();
        pass(Duration.ofDays(1));
        assertThat(silence.isTooLong()).isFalse();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
