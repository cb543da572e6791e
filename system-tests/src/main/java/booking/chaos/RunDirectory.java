package booking.chaos;

import booking.embedded.KilledRuns;
import booking.embedded.ProcessLock;
import booking.embedded.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.file.PathUtils;

/**
 * Where one run has its systems, each in a directory of its own, and logs. It is held by a lock that the system lets go of
 * however the run ends: what a run that was killed has left is removed by the next one. What was kept for somebody to look
 * into is never removed.
 */
public final class RunDirectory implements AutoCloseable {
    private static final String PREFIX = "booking-chaos-";
    private static final String SYSTEM = "system-";

    /** The lock; it is there only while the run is, or when that was killed. */
    static final String RUNNING = "running";

    /** Why a system was kept. */
    static final String FINDINGS = "findings.txt";

    private final Path path;
    private final boolean isTemporary;
    private final ProcessLock lock;

    private RunDirectory(Path path, boolean isTemporary, ProcessLock lock) {
        this.path = path;
        this.isTemporary = isTemporary;
        this.lock = lock;
    }

    /**
     * This directory, made if it does not exist.
     *
     * @throws IllegalStateException when another run is in it
     * @throws UncheckedIOException when it cannot be used
     */
    public static RunDirectory at(Path directory) {
        return at(directory, false);
    }

    /** A new one among the system's temporary files, which is gone after use unless something was kept. */
    public static RunDirectory temporary() {
        RunDirectory made = at(TemporaryDirectory.create(PREFIX).path(), true);
        removeWhatKilledRunsLeft(made.path);
        return made;
    }

    private static RunDirectory at(Path directory, boolean isTemporary) {
        Path path;
        boolean wasKilled;
        try {
            path = Files.createDirectories(directory).toRealPath();
            wasKilled = Files.exists(path.resolve(RUNNING));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + directory + ": " + e, e);
        }
        ProcessLock lock = ProcessLock.tryAcquire(path, RUNNING)
                .orElseThrow(() -> new IllegalStateException("another run is in " + path + "; name another directory"));
        if (wasKilled) {
            unfinished(path).forEach(RunDirectory::remove);
        }
        return new RunDirectory(path, isTemporary, lock);
    }

    /** Removes, from beside this directory, those of runs of this user that were killed. */
    static void removeWhatKilledRunsLeft(Path own) {
        KilledRuns.removeBeside(own, PREFIX, RUNNING, (run, lock) -> {
            try (RunDirectory killed = new RunDirectory(run, true, lock)) {
                unfinished(killed.path).forEach(RunDirectory::remove);
            }
        });
    }

    /** Those systems that nobody wanted to keep. */
    private static List<Path> unfinished(Path run) {
        return systems(run).stream()
                .filter(system -> !Files.exists(system.resolve(FINDINGS)))
                .toList();
    }

    private static List<Path> systems(Path run) {
        try (DirectoryStream<Path> systems = Files.newDirectoryStream(run, SYSTEM + "*")) {
            List<Path> found = new ArrayList<>();
            systems.forEach(found::add);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path path() {
        return path;
    }

    /** A new directory for a system. */
    Path newSystem() {
        int number = 1;
        while (Files.exists(path.resolve(SYSTEM + number))) {
            number++;
        }
        try {
            return Files.createDirectory(path.resolve(SYSTEM + number));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a directory in " + path + ": " + e, e);
        }
    }

    /** Keeps what is there of a system that has ended, in plain files, with the reason. */
    void keep(Path system, String findings) {
        SmallDisk.keepAllBelow(system);
        try {
            Files.writeString(system.resolve(FINDINGS), findings);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into " + system + ": " + e, e);
        }
    }

    /** Removes what is there of a system that has ended. */
    static void remove(Path system) {
        SmallDisk.unmountAllBelow(system);
        try {
            PathUtils.deleteDirectory(system);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + system + ": " + e, e);
        }
    }

    /** Gives it back, and removes it if it is a temporary one in which no system was kept. */
    @Override
    public void close() {
        boolean isKept = !isTemporary || !systems(path).isEmpty();
        try {
            if (isKept) {
                Files.deleteIfExists(path.resolve(RUNNING));
            } else {
                PathUtils.deleteDirectory(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tidy up " + path + ": " + e, e);
        } finally {
            lock.close();
        }
    }
}
