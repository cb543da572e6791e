package booking.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.io.file.PathUtils;

/**
 * A directory that is gone after use.
 *
 * @param path where it is
 */
public record TemporaryDirectory(Path path) implements AutoCloseable {
    /** Makes one whose name starts so, in the system's directory for temporary files. */
    public static TemporaryDirectory create(String prefix) {
        try {
            // Others may pass through, but not look: PostgreSQL may have to run as another user.
            return new TemporaryDirectory(Files.createTempDirectory(prefix).toRealPath()).passable();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary directory: " + e.getMessage(), e);
        }
    }

    private TemporaryDirectory passable() throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
        return this;
    }

    @Override
    public void close() {
        try {
            if (Files.exists(path)) {
                PathUtils.deleteDirectory(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + path + ": " + e.getMessage(), e);
        }
    }
}
