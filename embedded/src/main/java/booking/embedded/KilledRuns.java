package booking.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What runs have left that were killed: directories with a lock in them that nobody holds any more. */
public final class KilledRuns {
    private KilledRuns() {}

    /**
     * Removes, from beside a directory, those of runs of the same user that were killed.
     *
     * @param own the directory of the run that looks
     * @param prefix how the names of such directories begin
     * @param lock the name of the lock in each, which is there only while a run is, or when that was killed
     * @param remove is given a directory and the lock in it, which it gives back; by an {@link UncheckedIOException} or an
     *     {@link IllegalStateException} it says that the directory is still in use
     * @throws UncheckedIOException when it cannot be looked for them
     */
    public static void removeBeside(Path own, String prefix, String lock, BiConsumer<Path, ProcessLock> remove) {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(own.resolveSibling(""), prefix + "*")) {
            for (Path other : others) {
                if (Files.exists(other.resolve(lock)) && Files.getOwner(other).equals(Files.getOwner(own))) {
                    removeIfKilled(other, lock, remove);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look for what earlier runs left: " + e, e);
        }
    }

    private static void removeIfKilled(Path run, String lock, BiConsumer<Path, ProcessLock> remove) {
        Optional<ProcessLock> held = ProcessLock.tryAcquire(run, lock);
        if (held.isEmpty()) {
            return;
        }
        try {
            remove.accept(run, held.get());
        } catch (UncheckedIOException | IllegalStateException stillInUse) {
            // What that run had started may not have ended yet; then the next run removes it.
        }
    }
}
