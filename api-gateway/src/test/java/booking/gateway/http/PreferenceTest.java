package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferenceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=10              | 10 | wait=10",
                "WAIT = \"7\"         |  7 | wait=7",
                "wait=31              | 30 | wait=30",
                "wait=999999999999999999 | 30 | wait=30",
                "wait=0               |  0 | wait=0",
                "wait=1, wait=2       |  1 | wait=1",
                "respond-async        |  0 | respond-async",
                "wait=9, respond-async|  0 | respond-async",
                "handling=lenient; foo=1, wait=3; bar | 3 | wait=3",
            })
    void whatIsUnderstoodIsApplied(String header, int seconds, String applied) {
        assertThat(of(header)).isEqualTo(new Preference(Duration.ofSeconds(seconds), Optional.of(applied)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wait", "wait=", "wait=-1", "wait=soon", "wait=1.5", "respond-asynchronously", ",,"})
    void whatIsNotUnderstoodIsPassedOver(String header) {
        assertThat(of(header)).isEqualTo(new Preference(Duration.ofSeconds(5), Optional.empty()));
    }

    @Test
    void severalHeadersAreOneList() {
        assertThat(of("foo", "wait=2").resultWait()).isEqualTo(Duration.ofSeconds(2));
        assertThat(of().resultWait()).isEqualTo(Duration.ofSeconds(5));
    }

    private static Preference of(String... headers) {
        return Preference.of(Arrays.asList(headers));
    }
}
