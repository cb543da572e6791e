package booking.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How to run PostgreSQL.
 *
 * @param directory where data and log are kept; made when missing
 * @param port where it listens, on 127.0.0.1
 * @param settings server settings, as in postgresql.conf, that take precedence over ours
 * @param durable whether what was committed survives a crash of the machine
 * @param binaries where the binaries are unpacked to and looked for, instead of the user's cache directory
 */
public record PostgresOptions(
        Path directory, PortRequest port, Map<String, String> settings, boolean durable, Optional<Path> binaries) {
    public static final int DEFAULT_PORT = 5432;

    public PostgresOptions {
        settings = Map.copyOf(settings);
    }

    /** Durable, on the default port or the next free one. */
    public static PostgresOptions in(Path directory) {
        return new PostgresOptions(
                directory, PortRequest.firstFreeFrom(DEFAULT_PORT), Map.of(), true, Optional.empty());
    }

    public PostgresOptions withPort(PortRequest chosen) {
        return new PostgresOptions(directory, chosen, settings, durable, binaries);
    }

    public PostgresOptions withSetting(String name, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(name, value);
        return new PostgresOptions(directory, port, more, durable, binaries);
    }

    /** Faster, for tests: commits survive a crash of the server, but not one of the machine. */
    public PostgresOptions notDurable() {
        return new PostgresOptions(directory, port, settings, false, binaries);
    }

    public PostgresOptions withBinariesIn(Path cache) {
        return new PostgresOptions(directory, port, settings, durable, Optional.of(cache));
    }
}
