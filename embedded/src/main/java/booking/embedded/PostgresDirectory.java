package booking.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.file.PathUtils;

/** The data directory of a server. */
final class PostgresDirectory {
    static final String NAME = "data";

    private static final Duration PREPARATION = Duration.ofMinutes(2);

    private final ServerDirectory parent;
    private final PostgresBinaries binaries;
    private final PostgresAccount account;

    PostgresDirectory(ServerDirectory parent, PostgresBinaries binaries, PostgresAccount account) {
        this.parent = parent;
        this.binaries = binaries;
        this.account = account;
    }

    Path path() {
        return parent.resolve(NAME);
    }

    /** The file whose presence makes the server a standby. */
    Path standbySignal() {
        return path().resolve(PostgresCopy.STANDBY_SIGNAL);
    }

    /** Leaves it ready for a standby to start on. */
    void replace(PostgresCopy copy) {
        try {
            if (Files.exists(path())) {
                new PostgresOrphans(path()).end();
                PathUtils.deleteDirectory(path());
            }
            Path unfinished = emptyUnfinished();
            copy.to(unfinished);
            account.own(unfinished);
            Files.move(unfinished, path(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + path() + ": " + e.getMessage(), e);
        }
    }

    /** Leaves it ready for a server to start on, made if it does not exist. */
    void prepare(boolean durable, ServerLog log) {
        try {
            if (Files.exists(path())) {
                new PostgresOrphans(path()).end();
                account.own(path());
            } else {
                make(durable, log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + path() + ": " + e.getMessage(), e);
        }
    }

    /** Under another name first, so that a directory of this name is always a whole one. */
    private void make(boolean durable, ServerLog log) throws IOException {
        Path unfinished = emptyUnfinished();
        account.own(unfinished);
        List<String> command = new ArrayList<>(List.of(
                binaries.initdb().toString(),
                "--pgdata=" + unfinished,
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C"));
        if (!durable) {
            command.add("--no-sync");
        }
        ChildProcess initdb = ChildProcess.start("initdb", account.process(command, log));
        if (!initdb.endsWithin(PREPARATION) || initdb.exitCode() != 0) {
            initdb.kill();
            throw new EmbeddedServerException("initdb failed; the end of " + log.file() + ":\n" + log.lastLines());
        }
        Files.move(unfinished, path(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path emptyUnfinished() throws IOException {
        Path unfinished = parent.resolve(NAME + ".unfinished");
        if (Files.exists(unfinished)) {
            PathUtils.deleteDirectory(unfinished);
        }
        return Files.createDirectory(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
