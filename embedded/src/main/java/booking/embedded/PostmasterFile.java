package booking.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The file in which a running PostgreSQL tells its process id (first line) and its state (eighth line).
 *
 * @param path the {@code postmaster.pid} in the data directory
 */
record PostmasterFile(Path path) {
    private static final int ID_LINE = 0;
    private static final int STATE_LINE = 7;
    /** The second is a standby, which takes connections that only read. */
    private static final Set<String> READY = Set.of("ready", "standby");

    /** Whether the server with this process id takes connections. */
    boolean saysReady(long processId) {
        try {
            List<String> lines = Files.readAllLines(path);
            return lines.size() > STATE_LINE
                    && lines.get(ID_LINE).trim().equals(Long.toString(processId))
                    && READY.contains(lines.get(STATE_LINE).trim());
        } catch (IOException notYet) {
            return false;
        }
    }
}
