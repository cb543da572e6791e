package booking.gateway.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"
            })
    void whatTheStandardForbidsIsLeftOut(String parent) {
        assertThat(TraceContext.of(Optional.of(parent), Optional.of("vendor=1")))
                .isEqualTo(TraceContext.NONE);
    }

    @Test
    void aStateThatIsNoneIsLeftOutAndItsParentIsCarriedOn() {
        for (String state : new String[] {"no state", "=1", "vendor=\u00e4"}) {
            assertThat(TraceContext.of(Optional.of(PARENT), Optional.of(state)))
                    .as(state)
                    .isEqualTo(new TraceContext(Optional.of(PARENT), Optional.empty()));
        }
    }

    @Test
    void anOverlongStateIsLeftOut() {
        assertThat(TraceContext.of(Optional.of(PARENT), Optional.of("vendor=" + "x".repeat(513)))
                        .state())
                .isEmpty();
    }
}
