package booking.gateway.access;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds out who calls, by what they send as {@code Authorization: Bearer}. */
public final class Callers implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int QUEUE = 1_000;

    private final boolean open;
    private final boolean forThisMachine;
    private final Optional<ApiKeys> keys;
    private final Optional<TokenVerifier> tokens;
    private final ThreadPoolExecutor verifying;

    /**
     * As the settings say.
     *
     * @throws IllegalArgumentException when the file of API keys cannot be read, has a bad line or no end
     */
    public Callers(AccessSettings settings, MeterRegistry meters) {
        this.open = settings.isOpen();
        this.forThisMachine = settings.isForThisMachine();
        this.keys = settings.apiKeysFile().map(ApiKeys::new);
        Gauge.builder(
                        "booking.api.keys.current",
                        () -> keys.map(ApiKeys::areCurrent).orElse(true) ? 1 : 0)
                .description("1 when the API keys are those of their file as it is now")
                .register(meters);
        this.tokens = settings.tokens().map(TokenVerifier::new);
        this.verifying =
                new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), work -> {
                    Thread thread = new Thread(work, "gateway-tokens");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Whether nobody is asked who they are. */
    public boolean areOpen() {
        return open;
    }

    /** Whether nobody is asked because only this machine can reach the gateway. */
    public boolean areOfThisMachine() {
        return forThisMachine;
    }

    /** Who holds this key or token, if that can be said at once. */
    public Optional<Caller> known(String credential) {
        return credential.startsWith(ApiKey.PREFIX)
                ? keys.flatMap(all -> all.caller(credential))
                : tokens.flatMap(verifier -> verifier.known(credential));
    }

    /**
     * Who holds this key or token; may take a while.
     *
     * @return fails with {@link NotAuthenticatedException}, or with {@link CannotCheckException} when that cannot be found
     *     out now
     */
    public CompletionStage<Caller> verify(String credential) {
        if (credential.startsWith(ApiKey.PREFIX) || tokens.isEmpty()) {
            return done(
                    known(credential).orElse(null),
                    keys.isPresent() ? "there is no such API key" : "only tokens are taken here, no API keys");
        }
        CompletableFuture<Caller> verified = new CompletableFuture<>();
        try {
            verifying.execute(() -> {
                try {
                    verified.complete(tokens.get().verify(credential));
                } catch (NotAuthenticatedException | CannotCheckException | RuntimeException e) {
                    verified.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            verified.completeExceptionally(new CannotCheckException("too many tokens are waiting to be checked", e));
        }
        return verified;
    }

    private static CompletionStage<Caller> done(@Nullable Caller caller, String otherwise) {
        return caller == null
                ? CompletableFuture.failedFuture(new NotAuthenticatedException(otherwise))
                : CompletableFuture.completedFuture(caller);
    }

    @Override
    public void close() {
        keys.ifPresent(ApiKeys::close);
        verifying.shutdownNow();
    }
}
