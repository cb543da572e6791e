package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.gateway.http.UnreadAnswers.Held;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UnreadAnswersTest {
    private static final byte[] LARGE = new byte[100_000];
    private static final byte[] SMALL = new byte[1_000];

    private final AtomicLong nanos = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    /** With room for two. */
    private final UnreadAnswers answers = new UnreadAnswers(2L * LARGE.length, nanos::get, meters);

    @Test
    void thereIsNoRoomForOneMoreWhileTheirReadersRead() {
        Held first = answers.hold(LARGE);
        Held second = answers.hold(LARGE);
        for (int i = 0; i < 5; i++) {
            pass(Duration.ofSeconds(1));
            first.taken();
            second.taken();
        }

        assertThatThrownBy(() -> answers.hold(LARGE)).isInstanceOf(RequestRefused.class);

        assertThat(dropped()).isZero();
        assertThatCode(() -> answers.hold(SMALL)).as("what is small needs none").doesNotThrowAnyException();
        first.letGo();
        assertThatCode(() -> answers.hold(LARGE)).doesNotThrowAnyException();
    }

    @Test
    void whoTakesNothingMakesRoomAndWhoTakesSomethingKeepsIt() {
        Held first = answers.hold(LARGE);
        Held second = answers.hold(LARGE);
        pass(Duration.ofSeconds(2));
        second.taken();

        Held third = answers.hold(LARGE);

        assertThat(dropped()).isEqualTo(1);
        assertThat(held()).isEqualTo(2.0 * LARGE.length);
        first.letGo();
        assertThat(held()).as("it is not let go twice").isEqualTo(2.0 * LARGE.length);
        second.letGo();
        third.letGo();
        assertThat(held()).isZero();
    }

    @Test
    void whoTakesALittleNowAndThenHasNotItsRoomForEver() {
        Held slow = answers.hold(LARGE);
        pass(Duration.ofSeconds(5));
        Held later = answers.hold(LARGE);
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofMillis(500));
            slow.taken();
            later.taken();
        }

        assertThatCode(() -> answers.hold(LARGE)).doesNotThrowAnyException();

        assertThat(dropped()).isEqualTo(1);
        slow.letGo();
        assertThat(held()).as("it was that which had been there longest").isEqualTo(2.0 * LARGE.length);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private double dropped() {
        return meters.get("booking.http.answers.dropped").counter().count();
    }

    private double held() {
        return meters.get("booking.http.answers.held").gauge().value();
    }
}
