package booking.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that one server is kept in, claimed by one process at a time. */
final class ServerDirectory implements AutoCloseable {
    private final Path path;
    private final ProcessLock lock;

    private ServerDirectory(Path path, ProcessLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Claims it, made if it does not exist. */
    static ServerDirectory claim(String server, Path directory) {
        Path path;
        try {
            path = Files.createDirectories(directory).toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + directory + ": " + e.getMessage(), e);
        }
        return ProcessLock.tryAcquire(path, "lock")
                .map(lock -> new ServerDirectory(path, lock))
                .orElseThrow(() -> new EmbeddedServerException(
                        "another process runs " + server + " in " + path + " (it holds " + path.resolve("lock") + ")"));
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** The server's log, begun anew. */
    ServerLog newLog(String name) {
        ServerLog log = new ServerLog(path.resolve(name));
        log.startAnew();
        return log;
    }

    /** Gives it back. */
    @Override
    public void close() {
        lock.close();
    }
}
