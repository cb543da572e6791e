package booking.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes a process see another time than the machine's, with libfaketime. */
final class WrongClock {
    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final Duration ANSWER = Duration.ofSeconds(10);

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

    /**
     * How far the clock of whoever answers HTTP there is ahead of ours, by the {@code Date} of its answer (RFC 9110); too little
     * by as long as the answer takes. Empty when nobody answers and tells in time.
     */
    static Optional<Duration> awaitAhead(URI server, Duration time) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        return Waiting.untilThereIs(time, () -> ahead(client, server));
    }

    private static Optional<Duration> ahead(HttpClient client, URI server) throws InterruptedException {
        try {
            return client.send(HttpRequest.newBuilder(server).timeout(ANSWER).build(), BodyHandlers.discarding())
                    .headers()
                    .firstValue("Date")
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
                    .map(date -> Duration.between(Instant.now(), date.toInstant()));
        } catch (IOException | DateTimeException nobody) {
            return Optional.empty();
        }
    }
}
