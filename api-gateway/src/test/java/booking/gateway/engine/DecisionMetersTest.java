package booking.gateway.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import booking.gateway.follow.Published;
import booking.gateway.follow.Published.Kind;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DecisionMetersTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:15:30.500Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DecisionMeters meters = new DecisionMeters(registry, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void theAgeOfADecisionIsFromItsCommandsTimeInTheLog() {
        meters.count(List.of(result("/booking-commands/3/5120", "\"2026-11-22T10:15:30.123Z\"")));

        assertThat(ages().count()).isEqualTo(1);
        assertThat(ages().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(377);
    }

    @Test
    void anAnswerGivenAgainIsCountedAndHasNoAge() {
        // Another record with the same command id: its answer is that of the first.
        meters.count(List.of(result("/booking-commands/13/5120", "\"2026-11-22T10:15:30.123Z\"")));
        meters.count(List.of(result("/booking-commands/3/51200", "\"2026-11-22T10:15:30.123Z\"")));

        assertThat(ages().count()).isZero();
        assertThat(registry.get("booking.decisions.seen")
                        .tags("type", "book", "outcome", "REJECTED", "reason", "SOLD_OUT")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aClockThatIsBehindMakesNoAgeBelowZeroAndATimeThatIsNoneMakesNoAge() {
        meters.count(List.of(result("/booking-commands/3/5120", "\"2026-11-22T10:15:31Z\"")));
        meters.count(List.of(result("/booking-commands/3/5120", "\"yesterday\"")));
        meters.count(List.of(result("/booking-commands/3/5120", "null")));

        assertThat(ages().count()).isEqualTo(1);
        assertThat(ages().totalTime(TimeUnit.MILLISECONDS)).isZero();
    }

    private Timer ages() {
        return registry.get("booking.decisions.seen.age").timer();
    }

    private static Published result(String source, String decidedAt) {
        String json = "{\"type\":\"book\",\"outcome\":\"REJECTED\",\"reason\":\"SOLD_OUT\",\"event\":{\"version\":1},"
                + "\"position\":{\"partition\":3,\"offset\":5120},\"decidedAt\":" + decidedAt + "}";
        return new Published(Kind.RESULT, 3, 77, "e", "id", source, json.getBytes(UTF_8));
    }
}
