package booking.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A lock file held by one process; the system lets go of it when the process ends, however it ends. */
public final class ProcessLock implements AutoCloseable {
    // On POSIX systems closing any channel of a file drops all locks that the process has on it. So a file that this
    // process holds must not even be opened a second time. Nor must the garbage collector close it, as it does with a
    // channel that nobody refers to.
    private static final Map<Path, ProcessLock> HELD = new HashMap<>();

    private final Path file;
    private final FileChannel channel;

    private ProcessLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The lock of this name, unless a process, this one included, holds it. A missing directory is made. */
    public static Optional<ProcessLock> tryAcquire(Path directory, String name) {
        try {
            Path file = Files.createDirectories(directory).toRealPath().resolve(name);
            synchronized (HELD) {
                if (HELD.containsKey(file)) {
                    return Optional.empty();
                }
                Optional<ProcessLock> lock = lock(file);
                lock.ifPresent(held -> HELD.put(file, held));
                return lock;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + directory.resolve(name) + ": " + e.getMessage(), e);
        }
    }

    private static Optional<ProcessLock> lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII)));
            return Optional.of(new ProcessLock(file, channel));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The process that last held the lock, if it still runs. It may be another one that got the same id since. */
    public static Optional<ProcessHandle> lastHolder(Path file) {
        try {
            return ProcessHandle.of(
                    Long.parseLong(Files.readString(file, US_ASCII).trim()));
        } catch (IOException | NumberFormatException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        synchronized (HELD) {
            HELD.remove(file);
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
