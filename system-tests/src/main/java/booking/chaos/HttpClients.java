package booking.chaos;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import booking.schemas.command.Hold;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks over HTTP, again and again with the same key until there is an answer, and notes in the journal what was answered.
 */
final class HttpClients implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int AT_ONCE = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 200;

    private static final Pattern TAKEN =
            Pattern.compile("/v1/commands/(?<command>[^?]+)\\?at=(?<partition>[0-9]{1,9})-(?<offset>[0-9]{1,18})");

    private static final int UNAVAILABLE = 503;
    private static final int UNDECIDED = 202;
    private static final int READY = 200;

    private final URI gateway;
    private final Journal journal;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Executor later = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile boolean closed;

    HttpClients(URI gateway, Journal journal) {
        this.gateway = gateway;
        this.journal = journal;
    }

    /** Whether the gateway says that it is ready. */
    boolean isGatewayReady() {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/health/ready"))
                .timeout(TIMEOUT)
                .build();
        return client.sendAsync(request, BodyHandlers.discarding())
                .handle((response, failure) -> response != null && response.statusCode() == READY)
                .join();
    }

    /** Whether it took this on; not when there is no such call, or when all clients are waiting. */
    boolean ask(Command command) {
        Optional<HttpRequest> request = request(command);
        if (request.isEmpty() || !free.tryAcquire()) {
            return false;
        }
        ask(command.commandId(), request.get());
        return true;
    }

    private void ask(UUID commandId, HttpRequest request) {
        long now = System.nanoTime();
        var unused = client.sendAsync(request, BodyHandlers.ofByteArray())
                .handle((response, failure) -> response)
                .thenAccept(response -> take(commandId, request, now, response));
    }

    private void take(UUID commandId, HttpRequest request, long askedAt, @Nullable HttpResponse<byte[]> response) {
        if (response == null || response.statusCode() == UNAVAILABLE) {
            // Nothing is known, so the same key again.
            if (closed) {
                free.release();
            } else {
                later.execute(() -> ask(commandId, request));
            }
            return;
        }
        if (response.statusCode() == UNDECIDED) {
            noteTaken(commandId, askedAt, response);
        } else {
            note(commandId, response);
        }
        free.release();
    }

    /** It is in the log, and its result is to come: as good as Kafka's own acknowledgement. */
    private void noteTaken(UUID commandId, long askedAt, HttpResponse<byte[]> response) {
        String location = response.headers().firstValue("Location").orElse("");
        Matcher place = TAKEN.matcher(location);
        if (!place.matches() || !place.group("command").equals(commandId.toString())) {
            journal.badAnswer(commandId, UNDECIDED + " and does not tell where the command is, but: " + location);
            return;
        }
        journal.taken(
                commandId, Integer.parseInt(place.group("partition")), Long.parseLong(place.group("offset")), askedAt);
    }

    private void note(UUID commandId, HttpResponse<byte[]> response) {
        try {
            JsonNode body = JSON.readTree(response.body());
            JsonNode result = body.has("result") ? body.get("result") : body;
            if (!result.has("outcome")) {
                journal.badAnswer(commandId, response.statusCode() + " without a decision: " + body);
                return;
            }
            Outcome outcome = Outcome.of(result.toString().getBytes(StandardCharsets.UTF_8));
            boolean accepted = response.statusCode() < 300;
            if (accepted != outcome.isAccepted()) {
                journal.badAnswer(commandId, response.statusCode() + " for " + outcome);
            }
            journal.answered(commandId, outcome);
        } catch (JacksonException e) {
            journal.badAnswer(commandId, response.statusCode() + " and no JSON: " + e.getMessage());
        }
    }

    private Optional<HttpRequest> request(Command command) {
        String bookings = "/v1/events/" + command.eventId() + "/bookings";
        if (command instanceof Book book) {
            return Optional.of(post(command, bookings, seats(book.userId(), book.quantity()) + "}"));
        }
        if (command instanceof Hold hold) {
            return Optional.of(post(
                    command,
                    bookings,
                    seats(hold.userId(), hold.quantity()) + ",\"holdSeconds\":" + hold.holdSeconds() + "}"));
        }
        if (command instanceof Confirm confirm) {
            return Optional.of(post(command, bookings + "/" + confirm.bookingId() + "/confirmation", ""));
        }
        if (command instanceof Cancel cancel) {
            return Optional.of(
                    to(command, bookings + "/" + cancel.bookingId()).DELETE().build());
        }
        return Optional.empty();
    }

    private static String seats(String user, int quantity) {
        return "{\"userId\":\"" + user + "\",\"quantity\":" + quantity;
    }

    private HttpRequest post(Command command, String path, String body) {
        return to(command, path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpRequest.Builder to(Command command, String path) {
        return HttpRequest.newBuilder(gateway.resolve(path))
                .header("Idempotency-Key", command.commandId().toString())
                .timeout(TIMEOUT);
    }

    /** Waits until every client has an answer; false when some have none in time. */
    boolean awaitAnswers(Duration time) throws InterruptedException {
        boolean all = free.tryAcquire(AT_ONCE, time.toMillis(), TimeUnit.MILLISECONDS);
        if (all) {
            free.release(AT_ONCE);
        }
        return all;
    }

    @Override
    public void close() {
        closed = true;
    }
}
