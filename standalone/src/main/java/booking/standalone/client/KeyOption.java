package booking.standalone.client;

import java.util.UUID;
import picocli.CommandLine.Option;

/** The option that makes a command that is sent again the same command. */
final class KeyOption {
    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The same key again: the same answer, and nothing is done twice (default: a new one).")
    private String key = UUID.randomUUID().toString();

    String key() {
        return key;
    }
}
