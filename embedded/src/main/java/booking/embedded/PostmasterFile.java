package booking.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The file in which a running PostgreSQL tells its process id (first line) and its state (eighth line).
 *
 * @param path the {@code postmaster.pid} in the data directory
 */
record PostmasterFile(Path path) {
    private static final int ID_LINE = 0;
    private static final int STATE_LINE = 7;

    /** Whether the server with this process id takes connections. */
    boolean saysReady(long processId) {
        try {
            List<String> lines = Files.readAllLines(path);
            return lines.size() > STATE_LINE
                    && lines.get(ID_LINE).trim().equals(Long.toString(processId))
                    && lines.get(STATE_LINE).trim().equals("ready");
        } catch (IOException notYet) {
            return false;
        }
    }
}
