package booking.standalone.bench;

import booking.embedded.KilledRuns;
import booking.embedded.ProcessLock;
import booking.embedded.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a benchmark has its data and logs. A temporary one is held by a lock that the system lets go of however the run ends:
 * what a run that was killed has left is removed by the next one.
 */
final class BenchDirectory implements AutoCloseable {
    private static final String PREFIX = "booking-bench-";

    /** The lock; it is there only while the run is, or when that was killed. */
    static final String RUNNING = "running";

    private final Path path;
    private final Optional<ProcessLock> lock;
    private boolean kept;

    private BenchDirectory(Path path, Optional<ProcessLock> lock) {
        this.path = path;
        this.lock = lock;
        this.kept = lock.isEmpty();
    }

    /**
     * This directory, made if it does not exist. It is kept.
     *
     * @throws IllegalArgumentException when there is something in it: two runs cannot have the same databases and topics
     * @throws UncheckedIOException when it cannot be used
     */
    static BenchDirectory at(Path directory) {
        try {
            Path path = Files.createDirectories(directory).toRealPath();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
                if (files.iterator().hasNext()) {
                    throw new IllegalArgumentException(path + " is not empty; name a new directory, or an empty one");
                }
            }
            return new BenchDirectory(path, Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + directory + ": " + e, e);
        }
    }

    /** A new one among the system's temporary files, which is gone after use unless it is kept. */
    static BenchDirectory temporary() {
        return temporaryIn(TemporaryDirectory.create(PREFIX).path());
    }

    static BenchDirectory temporaryIn(Path made) {
        BenchDirectory own = new BenchDirectory(made, ProcessLock.tryAcquire(made, RUNNING));
        KilledRuns.removeBeside(
                made, PREFIX, RUNNING, (run, lock) -> new BenchDirectory(run, Optional.of(lock)).close());
        return own;
    }

    Path path() {
        return path;
    }

    /** Keeps it, for somebody to look into. */
    void keep() {
        kept = true;
    }

    /** Gives it back, and removes it unless it is kept. */
    @Override
    public void close() {
        try {
            if (!kept) {
                new TemporaryDirectory(path).close();
            } else if (lock.isPresent()) {
                Files.deleteIfExists(path.resolve(RUNNING));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tidy up " + path + ": " + e, e);
        } finally {
            lock.ifPresent(ProcessLock::close);
        }
    }
}
