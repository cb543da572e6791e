package booking.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The file that a server writes its log to; that of the run before is kept beside it.
 *
 * @param file where the server writes
 */
record ServerLog(Path file) {
    private static final int LAST_LINES = 15;

    /** Puts the log of the run before aside. */
    void startAnew() {
        try {
            if (Files.exists(file)) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot put the log " + file + " aside: " + e.getMessage(), e);
        }
    }

    /** What was written last, for an error message. */
    String lastLines() {
        try {
            // Whatever the encoding, reading must not fail.
            List<String> lines = Files.readAllLines(file, ISO_8859_1);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}
