package booking.standalone.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrunedTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Optional<Duration> A_WEEK = Optional.of(Duration.ofDays(7));

    @Test
    void anOutcomeOlderThanBothRetentionsAndTheOldestKeptMayBeMissing() {
        Pruned pruned = Pruned.at(NOW, Duration.ofDays(1), A_WEEK, Optional.of(daysAgo(6)));

        assertThat(pruned.mayBeMissing(daysAgo(8))).isTrue();
    }

    @Test
    void anOutcomeYoungerThanEitherRetentionIsMissed() {
        assertThat(Pruned.at(NOW, Duration.ofDays(1), A_WEEK, Optional.empty()).mayBeMissing(daysAgo(2)))
                .as("the topic still has the command")
                .isFalse();
        assertThat(Pruned.at(NOW, Duration.ofDays(30), A_WEEK, Optional.empty()).mayBeMissing(daysAgo(8)))
                .as("outcomes are kept longer than commands")
                .isFalse();
    }

    @Test
    void anOutcomeYoungerThanOneThatIsKeptIsMissed() {
        Pruned pruned = Pruned.at(NOW, Duration.ofDays(1), A_WEEK, Optional.of(daysAgo(9)));

        assertThat(pruned.mayBeMissing(daysAgo(8))).isFalse();
        assertThat(pruned.mayBeMissing(daysAgo(10))).isTrue();
    }

    @Test
    void nothingMayBeMissingWhenTheTopicKeepsCommandsForever() {
        Pruned pruned = Pruned.at(NOW, Duration.ofDays(1), Optional.empty(), Optional.empty());

        assertThat(pruned.mayBeMissing(daysAgo(1000))).isFalse();
    }

    private static Instant daysAgo(int days) {
        return NOW.minus(Duration.ofDays(days));
    }
}
