package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IfMatchTest {
    @Test
    void aStrongTagIsTheVersion() {
        assertThat(IfMatch.version(List.of("\"7\""))).hasValue(7);
    }

    @Test
    void anyVersionWillDoForAStarOrNothing() {
        assertThat(IfMatch.version(List.of("*"))).isEmpty();
        assertThat(IfMatch.version(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "W/\"7\"", "\"0\"", "\"-1\"", "\"x\"", "\"1\", \"2\"", "\"9999999999999999999\""})
    void anythingElseIsRefused(String header) {
        assertThatThrownBy(() -> IfMatch.version(List.of(header))).hasMessageContaining("If-Match");
    }

    @Test
    void twoHeadersAreRefused() {
        assertThatThrownBy(() -> IfMatch.version(List.of("\"1\"", "\"2\""))).hasMessageContaining("If-Match");
    }
}
