package booking.gateway.http;

import booking.gateway.follow.TopicTail;
import booking.gateway.read.ReadPool;
import booking.gateway.send.CommandPublisher;
import booking.gateway.send.CommandsTopic;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the gateway can do its work: what was found when it was asked last is kept for the meters. However many ask,
 * Kafka and the database are asked once a second at most: anybody may ask, and must not be able to keep them busy.
 */
final class Readiness {
    /** So old may an answer be. */
    private static final Duration FRESH = Duration.ofSeconds(1);
    /** Much longer than asking can take. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Supplier<CompletionStage<State>> question;
    private final LongSupplier nanoClock;
    private volatile State last = new State(false, false);
    /** Guarded by this object. */
    private @Nullable Asked asked;

    private record Asked(CompletableFuture<State> answer, long sinceNanos) {
        boolean isGoodAt(long nowNanos) {
            Duration longest = answer.isDone() ? FRESH : PATIENCE;
            return nowNanos - sinceNanos < longest.toNanos();
        }
    }

    /** Which of the two can be reached. */
    record State(boolean kafkaUp, boolean databaseUp) {
        boolean isReady() {
            return kafkaUp && databaseUp;
        }
    }

    Readiness(CommandPublisher publisher, TopicTail tail, CommandsTopic commands, ReadPool reads) {
        this(
                () -> works(commands.ask())
                        .thenApply(answers -> answers && publisher.isTaking() && tail.isFollowing())
                        .thenCombine(works(reads.check()), State::new),
                System::nanoTime);
    }

    /**
     * Found out in another way, and with another clock.
     *
     * @param question asks now
     */
    Readiness(Supplier<CompletionStage<State>> question, LongSupplier nanoClock) {
        this.question = question;
        this.nanoClock = nanoClock;
    }

    /** What Kafka and the database say, who are asked now unless they were a moment ago or are just being asked. */
    synchronized CompletionStage<State> ask() {
        Asked before = asked;
        if (before != null && before.isGoodAt(nanoClock.getAsLong())) {
            return before.answer();
        }
        CompletableFuture<State> answer =
                question.get().thenApply(state -> last = state).toCompletableFuture();
        Asked now = new Asked(answer, nanoClock.getAsLong());
        asked = now;
        return now.answer();
    }

    void reportTo(MeterRegistry registry) {
        gauge(
                registry,
                "booking.ready",
                "1 when Kafka and the database could be reached when asked last",
                State::isReady);
        gauge(registry, "booking.kafka.up", "1 when Kafka could be reached when asked last", State::kafkaUp);
        gauge(registry, "booking.database.up", "1 when the database answered when asked last", State::databaseUp);
    }

    private void gauge(MeterRegistry registry, String name, String description, Predicate<State> holds) {
        Gauge.builder(name, this, readiness -> holds.test(readiness.last) ? 1 : 0)
                .description(description)
                .register(registry);
    }

    private static CompletionStage<Boolean> works(CompletionStage<?> attempt) {
        return attempt.handle((value, failure) -> failure == null);
    }
}
