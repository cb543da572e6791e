package booking.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowancesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Allowances allowances = new Allowances(4, Duration.ofSeconds(60), nanos::get);

    @Test
    void aCallerMaySpendAllAtOnceAndThenWaitsForTheNext() {
        for (int left = 3; left >= 0; left--) {
            Allowance allowance = allowances.take("alice");
            assertThat(allowance.granted()).isTrue();
            assertThat(allowance.remaining()).isEqualTo(left);
            assertThat(allowance.untilFull()).isEqualTo(Duration.ofSeconds(15L * (4 - left)));
        }
        pass(Duration.ofSeconds(5));

        Allowance refused = allowances.take("alice");

        assertThat(refused.granted()).isFalse();
        assertThat(refused.remaining()).isZero();
        assertThat(refused.untilNext()).isEqualTo(Duration.ofSeconds(10));
        pass(Duration.ofSeconds(10));
        assertThat(allowances.take("alice").granted()).isTrue();
        assertThat(allowances.take("alice").granted()).isFalse();
    }

    @Test
    void whoIsRefusedIsNotChargedForIt() {
        for (int i = 0; i < 1_000; i++) {
            allowances.take("alice");
        }
        pass(Duration.ofSeconds(15));

        assertThat(allowances.take("alice").granted()).isTrue();
    }

    @Test
    void lookingCountsNothing() {
        assertThat(allowances.untilNext("alice")).isZero();
        assertThat(allowances.take("alice").remaining()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(allowances.untilNext("alice")).isZero();
            allowances.take("alice");
        }

        assertThat(allowances.untilNext("alice")).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void callersDoNotSpendEachOthers() {
        for (int i = 0; i < 10; i++) {
            allowances.take("alice");
        }

        assertThat(allowances.take("bob").remaining()).isEqualTo(3);
    }

    @Test
    void hostileNumbersOfCallersTakeNoMoreMemory() {
        for (int i = 0; i < 200_000; i++) {
            allowances.take("caller-" + i);
        }

        assertThat(allowances.callers()).isLessThanOrEqualTo(50_000);
    }

    @Test
    void whoGoesOnCallingIsNotForgottenAmongManyWhoCallOnce() {
        Allowances flooded = new Allowances(100, Duration.ofSeconds(60), nanos::get);
        for (int i = 0; i < 200_000; i++) {
            flooded.take("caller-" + i);
            if (i % 1_000 == 0) {
                flooded.take("busy");
            }
        }

        assertThat(flooded.take("busy").granted()).isFalse();
    }

    @Test
    void whoHasNotCalledForAWindowIsForgotten() {
        allowances.take("alice");
        pass(Duration.ofSeconds(61));

        assertThat(allowances.callers()).isZero();
    }

    @Test
    void manyThreadsTogetherGetNoMoreThanThereIs() throws InterruptedException {
        Allowances shared = new Allowances(1_000, Duration.ofDays(1), nanos::get);
        AtomicInteger granted = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            threads.execute(() -> {
                for (int i = 0; i < 1_000; i++) {
                    if (shared.take("alice").granted()) {
                        granted.incrementAndGet();
                    }
                }
            });
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(granted).hasValue(1_000);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
