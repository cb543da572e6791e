package booking.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Server processes that an earlier run left on a data directory, because it was killed or because the server was.
 *
 * @param data the data directory
 */
record PostgresOrphans(Path data) {
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);

    /** Ends them, and removes a stale {@code postmaster.pid}. Only for who holds the lock of the directory. */
    void end() {
        List<ProcessHandle> orphans = find();
        // The server stops its children itself. Mostly it is at it already, as its parent is gone; asking twice is
        // fine.
        orphans.stream()
                .filter(process -> process.parent().filter(orphans::contains).isEmpty())
                .forEach(orphan -> Signals.send("INT", orphan));
        if (!Signals.endWithin(orphans, SHUTDOWN)) {
            Signals.killAndAwait(find(), SHUTDOWN);
        }
        try {
            // Now nobody works on this directory, whatever process has the id in the file by now. PostgreSQL itself
            // would refuse to start as long as there is any.
            Files.deleteIfExists(data.resolve("postmaster.pid"));
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot remove " + data.resolve("postmaster.pid") + ": " + e, e);
        }
    }

    private List<ProcessHandle> find() {
        return ProcessHandle.allProcesses()
                .filter(PostgresOrphans::isPostgres)
                .filter(this::worksHere)
                .toList();
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(Path::of)
                .map(Path::getFileName)
                .filter(name -> name.toString().startsWith("postgres"))
                .isPresent();
    }

    private boolean worksHere(ProcessHandle process) {
        // On Linux the server and all its children are known by their working directory; elsewhere the server alone
        // is, by its arguments.
        Path workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
        try {
            if (Files.exists(workingDirectory)) {
                return Files.isSameFile(workingDirectory, data);
            }
        } catch (IOException gone) {
            return false;
        }
        return process.info().arguments().stream().flatMap(Arrays::stream).anyMatch(data.toString()::equals);
    }
}
