package booking.processor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HangWatchTest {
    private final PollClock clock = new PollClock();
    private final Collection<PollClock> clocks = ConcurrentHashMap.newKeySet();
    private final AtomicInteger replacements = new AtomicInteger();
    private final AtomicBoolean canBeReplaced = new AtomicBoolean(true);
    private final HangWatch watch = new HangWatch(clocks, Duration.ZERO, () -> {
        replacements.addAndGet(canBeReplaced.get() ? 1 : 0);
        return canBeReplaced.get();
    });
    private final SynchronousQueue<Boolean> goOn = new SynchronousQueue<>();
    private final SynchronousQueue<Boolean> polled = new SynchronousQueue<>();
    private final Thread poller = new Thread(this::poll);

    /** Polls whenever it is told to go on, and hangs in between; false ends it. */
    private void poll() {
        try {
            do {
                clock.tick();
                polled.put(true);
            } while (goOn.take());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @BeforeEach
    void start() throws InterruptedException {
        clocks.add(clock);
        poller.start();
        polled.take();
    }

    @AfterEach
    void stop() throws InterruptedException {
        watch.close();
        poller.interrupt();
        poller.join();
    }

    @Test
    void aThreadThatHangsIsReplacedOnceAtTheSecondLook() {
        watch.look();
        assertThat(replacements).hasValue(0);

        watch.look();
        watch.look();

        assertThat(replacements).hasValue(1);
    }

    @Test
    void aThreadThatPollsIsLeftAlone() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            watch.look();
            goOn.put(true);
            polled.take();
        }
        assertThat(replacements).hasValue(0);
    }

    @Test
    void whatCannotBeReplacedIsTriedAgain() {
        canBeReplaced.set(false);
        watch.look();
        watch.look();
        canBeReplaced.set(true);

        watch.look();

        assertThat(replacements).hasValue(1);
    }

    @Test
    void aThreadThatHasEndedIsForgotten() throws InterruptedException {
        watch.look();
        goOn.put(false);
        poller.join();

        watch.look();

        assertThat(clocks).isEmpty();
        assertThat(replacements).hasValue(0);
    }
}
