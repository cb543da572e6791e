package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeoutLadderTest {
    @Test
    void eachIsLongerThanTheOneInsideIt() {
        List<Duration> ladder = List.of(
                TimeoutLadder.LOCK,
                TimeoutLadder.STATEMENT,
                TimeoutLadder.IDLE_IN_TRANSACTION,
                TimeoutLadder.KAFKA_TRANSACTION,
                TimeoutLadder.KAFKA_ANSWER,
                TimeoutLadder.KAFKA_PATIENCE,
                TimeoutLadder.DATABASE_PATIENCE,
                TimeoutLadder.MAX_POLL_INTERVAL);

        assertThat(ladder).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theLastAttemptAtADatabaseThatIsAwayEndsBeforeThePartitionsAreLost() {
        Duration lastAttempt = TimeoutLadder.IDLE_IN_TRANSACTION.plus(TimeoutLadder.STATEMENT);

        assertThat(TimeoutLadder.DATABASE_PATIENCE.plus(lastAttempt)).isLessThan(TimeoutLadder.MAX_POLL_INTERVAL);
    }
}
