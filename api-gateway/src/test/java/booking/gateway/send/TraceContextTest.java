package booking.gateway.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceContextTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void aWellFormedContextIsCarriedOn() {
        assertThat(TraceContext.of(Optional.of(PARENT), Optional.of("vendor=1")))
                .isEqualTo(new TraceContext(Optional.of(PARENT), Optional.of("vendor=1")));
    }

    @Test
    void aMalformedParentIsLeftOutWithItsState() {
        assertThat(TraceContext.of(Optional.of("00-1-2-3"), Optional.of("vendor=1")))
                .isEqualTo(TraceContext.NONE);
        assertThat(TraceContext.of(Optional.empty(), Optional.of("vendor=1"))).isEqualTo(TraceContext.NONE);
    }

    @Test
    void anOverlongStateIsLeftOut() {
        assertThat(TraceContext.of(Optional.of(PARENT), Optional.of("x".repeat(513)))
                        .state())
                .isEmpty();
    }
}
