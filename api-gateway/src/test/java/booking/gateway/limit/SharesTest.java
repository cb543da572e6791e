package booking.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharesTest {
    @Test
    void aCallerHasItsShareAndLeavesTheOthersTheirs() {
        Shares shares = new Shares(10, 30);
        List<Runnable> had = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            had.add(shares.take(() -> "shop").orElseThrow());
        }

        assertThat(shares.take(() -> "shop")).isEmpty();
        assertThat(shares.take(() -> "other")).isPresent();
        had.get(0).run();
        Optional<Runnable> again = shares.take(() -> "shop");
        assertThat(again).isPresent();
        assertThat(shares.take(() -> "shop")).isEmpty();
    }

    @Test
    void oneIsEverybodysShareAtLeast() {
        Shares shares = new Shares(4, 1);

        assertThat(shares.most()).isEqualTo(1);
        assertThat(shares.take(() -> "shop")).isPresent();
        assertThat(shares.take(() -> "shop")).isEmpty();
    }

    @Test
    void withoutALimitNobodyIsAskedForAName() {
        Shares shares = new Shares(2, 100);

        for (int i = 0; i < 5; i++) {
            assertThat(shares.take(() -> {
                        throw new AssertionError("asked");
                    }))
                    .isPresent();
        }
    }

    @Test
    void whoGivesAllBackIsForgotten() {
        Shares shares = new Shares(10, 50);
        Runnable first = shares.take(() -> "shop").orElseThrow();
        Runnable second = shares.take(() -> "shop").orElseThrow();
        first.run();
        assertThat(shares.callers()).isEqualTo(1);
        second.run();

        assertThat(shares.callers()).isZero();
    }
}
