package booking.benchmark;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Callers over HTTP, each with a connection of its own. All of it happens on one event loop.
 *
 * <p>At a fixed rate a request that finds no connection free waits for one, and its latency counts from when it was meant
 * to be sent.
 */
final class HttpLoad implements Load {
    private static final int MOST_CONNECTIONS_OF_A_RATE = 256;
    private static final int CONFLICT_IN_BETWEEN = 412;

    private final int port;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context loop = vertx.getOrCreateContext();
    private final HttpClientAgent client =
            vertx.createHttpClient(new HttpClientOptions().setKeepAlive(true).setTcpNoDelay(true));

    HttpLoad(int port) {
        this.port = port;
    }

    @Override
    public Tally run(Requests requests, Pace pace, Duration time) {
        int wanted = pace instanceof Pace.Closed closed ? closed.clients() : MOST_CONNECTIONS_OF_A_RATE;
        // Anew for each run: a server closes connections on which nothing happens, as while others have their turns.
        List<HttpClientConnection> connections = new ArrayList<>();
        try {
            while (connections.size() < wanted) {
                connections.add(await(onLoop(() -> client.connect(
                        new HttpConnectOptions().setHost("127.0.0.1").setPort(port)))));
            }
            Run run = new Run(requests, pace, time, connections);
            loop.runOnContext(now -> run.start());
            return await(run.done, time.plus(PATIENCE));
        } finally {
            connections.forEach(connection -> await(onLoop(connection::close)));
        }
    }

    private <T> CompletableFuture<T> onLoop(Supplier<Future<T>> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.runOnContext(now -> work.get().onComplete(done::complete, done::completeExceptionally));
        return done;
    }

    private static <T> T await(CompletableFuture<T> future) {
        return await(future, PATIENCE);
    }

    private static <T> T await(CompletableFuture<T> future, Duration patience) {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted", e);
        } catch (ExecutionException e) {
            throw new BenchmarkException("the callers failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new BenchmarkException("no answer within " + patience.toSeconds() + " s", e);
        }
    }

    /** One run, on the event loop. */
    private final class Run {
        private final Requests requests;
        private final Pace pace;
        private final Duration time;
        private final Deque<HttpClientConnection> free;
        private final int all;
        private final Deque<Long> due = new ArrayDeque<>();
        private final Tally tally = new Tally();
        private final CompletableFuture<Tally> done = new CompletableFuture<>();
        private long start;
        private long end;
        private long sent;

        Run(Requests requests, Pace pace, Duration time, List<HttpClientConnection> connections) {
            this.requests = requests;
            this.pace = pace;
            this.time = time;
            this.free = new ArrayDeque<>(connections);
            this.all = connections.size();
        }

        void start() {
            start = System.nanoTime();
            end = start + time.toNanos();
            tally.begins(start);
            if (pace instanceof Pace.Open open) {
                vertx.setPeriodic(1, timer -> tick(open, timer));
            } else {
                while (!free.isEmpty()) {
                    ask(free.remove(), System.nanoTime());
                }
            }
        }

        private void tick(Pace.Open open, long timer) {
            long now = System.nanoTime();
            while (start + open.dueNanos(sent) <= Math.min(now, end - 1)) {
                due.add(start + open.dueNanos(sent));
                sent++;
            }
            while (!due.isEmpty() && !free.isEmpty()) {
                ask(free.remove(), due.remove());
            }
            if (now >= end) {
                vertx.cancelTimer(timer);
                finishIfIdle();
            }
        }

        private void ask(HttpClientConnection connection, long meant) {
            Requests.Request request = requests.next();
            connection
                    .request(options(request.command()))
                    .compose(call -> exchange(call, request.command()))
                    .onComplete(
                            status -> answered(connection, request, answer(status), meant),
                            done::completeExceptionally);
        }

        private Future<Integer> exchange(HttpClientRequest call, Command command) {
            return call.send(body(command)).compose(response -> response.body().map(body -> response.statusCode()));
        }

        private Answer answer(int status) {
            return switch (status) {
                case 200, 201 -> Answer.ACCEPTED;
                case 404, 409 -> Answer.REJECTED;
                case CONFLICT_IN_BETWEEN -> Answer.GAVE_UP;
                default -> {
                    tally.complain("answered with status " + status);
                    yield Answer.FAILED;
                }
            };
        }

        private void answered(HttpClientConnection connection, Requests.Request request, Answer answer, long meant) {
            long now = System.nanoTime();
            tally.answered(request, answer, meant, now);
            if (answer == Answer.ACCEPTED) {
                requests.accepted(request);
            }
            // Who was turned away would be turned away again at once.
            boolean goesOn = answer != Answer.FAILED;
            if (goesOn && pace instanceof Pace.Open && !due.isEmpty()) {
                ask(connection, due.remove());
            } else if (goesOn && pace instanceof Pace.Closed && now < end) {
                ask(connection, now);
            } else {
                // At the end of the line, so that each is used in turn and none is closed for having nothing to do.
                free.add(connection);
                if (now >= end || pace instanceof Pace.Closed) {
                    finishIfIdle();
                }
            }
        }

        private void finishIfIdle() {
            if (free.size() == all && due.isEmpty()) {
                done.complete(tally);
            }
        }
    }

    private static RequestOptions options(Command command) {
        String bookings = "/v1/events/" + command.eventId() + "/bookings";
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setURI(bookings)
                .putHeader("Idempotency-Key", command.commandId().toString());
        if (command instanceof Confirm confirm) {
            options.setURI(bookings + "/" + confirm.bookingId() + "/confirmation");
        } else if (command instanceof Cancel cancel) {
            options.setMethod(HttpMethod.DELETE).setURI(bookings + "/" + cancel.bookingId());
        } else {
            options.putHeader("Content-Type", "application/json");
            if (command instanceof JoinWaitlist) {
                options.setURI("/v1/events/" + command.eventId() + "/waitlist");
            }
        }
        return options;
    }

    private static Buffer body(Command command) {
        if (command instanceof Book book) {
            return Buffer.buffer(seats(book.userId(), book.quantity()) + "}");
        }
        if (command instanceof Hold hold) {
            return Buffer.buffer(
                    seats(hold.userId(), hold.quantity()) + ",\"holdSeconds\":" + hold.holdSeconds() + "}");
        }
        if (command instanceof JoinWaitlist join) {
            return Buffer.buffer(seats(join.userId(), join.quantity()) + "}");
        }
        return Buffer.buffer();
    }

    private static String seats(String user, int quantity) {
        return "{\"userId\":\"" + user + "\",\"quantity\":" + quantity;
    }

    @Override
    public void close() {
        try {
            var unused = vertx.close().await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new BenchmarkException("the load's connections cannot be closed", e);
        }
    }
}
