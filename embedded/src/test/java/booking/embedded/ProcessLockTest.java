package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {
    @TempDir
    private Path directory;

    @Test
    void isHeldByOneAtATime() {
        try (ProcessLock first = ProcessLock.tryAcquire(directory, "lock").orElseThrow()) {
            assertThat(first).isNotNull();

            assertThat(ProcessLock.tryAcquire(directory, "lock")).isEmpty();
        }

        ProcessLock.tryAcquire(directory, "lock").orElseThrow().close();
    }

    @Test
    void tellsWhoHoldsIt() {
        try (ProcessLock lock = ProcessLock.tryAcquire(directory, "lock").orElseThrow()) {
            assertThat(lock).isNotNull();

            assertThat(ProcessLock.lastHolder(directory.resolve("lock"))).contains(ProcessHandle.current());
        }
    }
}
