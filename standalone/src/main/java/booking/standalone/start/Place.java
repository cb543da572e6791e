package booking.standalone.start;

import booking.embedded.ProcessLock;
import booking.embedded.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that choose where the data is kept. */
final class Place {
    private static final String LOCK = "lock";

    @Option(names = "--data", paramLabel = "DIR", description = "Where data is kept between runs (default: ./data).")
    private Path directory = Path.of("data");

    @Option(names = "--ephemeral", description = "Keep nothing: data is removed at the end.")
    private boolean ephemeral;

    /**
     * The directory, which is ours until all is stopped.
     *
     * @throws StartFailedException when it cannot be used, or another system runs there
     */
    Path claim(Parts parts) {
        if (ephemeral) {
            return parts.start(() -> TemporaryDirectory.create("booking-")).path();
        }
        try {
            Path real = Files.createDirectories(directory).toRealPath();
            parts.start(() -> ProcessLock.tryAcquire(real, LOCK)
                    .orElseThrow(() -> new StartFailedException("another booking system runs in " + real + holder(real)
                            + "; stop it, or choose another directory with --data")));
            return real;
        } catch (IOException e) {
            throw new StartFailedException(
                    "the directory " + directory + " cannot be used (" + e + "); choose another one with --data", e);
        }
    }

    /** Whether what is in it is there when all is stopped. */
    boolean isKept() {
        return !ephemeral;
    }

    private static String holder(Path directory) {
        return ProcessLock.lastHolder(directory.resolve(LOCK))
                .map(process -> " (process " + process.pid() + ")")
                .orElse("");
    }
}
