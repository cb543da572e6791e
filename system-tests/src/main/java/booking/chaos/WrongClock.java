package booking.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes a process see another time than the machine's, with libfaketime. */
final class WrongClock {
    private static final Path LIBRARIES = Path.of("/usr/lib");

    private WrongClock() {}

    /** The library, where Linux distributions put it. */
    static Optional<Path> library() {
        if (!Files.isDirectory(LIBRARIES)) {
            return Optional.empty();
        }
        try (Stream<Path> architectures = Files.list(LIBRARIES)) {
            return architectures
                    .map(directory -> directory.resolve("faketime").resolve("libfaketime.so.1"))
                    .filter(Files::exists)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The variables for a process whose clock is wrong by so many seconds. How long things take, it sees as it is. */
    static Map<String, String> by(int seconds) {
        return Map.of(
                "LD_PRELOAD",
                library().orElseThrow().toString(),
                "FAKETIME",
                (seconds < 0 ? "" : "+") + seconds + "s",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1");
    }
}
