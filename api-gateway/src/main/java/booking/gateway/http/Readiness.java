package booking.gateway.http;

import booking.gateway.follow.TopicTail;
import booking.gateway.read.ReadPool;
import booking.gateway.send.CommandPublisher;
import booking.gateway.send.CommandsTopic;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Whether the gateway can do its work: what was found when it was asked last is kept for the meters. */
final class Readiness {
    private final CommandPublisher publisher;
    private final TopicTail tail;
    private final CommandsTopic commands;
    private final ReadPool reads;
    private volatile State last = new State(false, false);

    /** Which of the two can be reached. */
    record State(boolean kafkaUp, boolean databaseUp) {
        boolean isReady() {
            return kafkaUp && databaseUp;
        }
    }

    Readiness(CommandPublisher publisher, TopicTail tail, CommandsTopic commands, ReadPool reads) {
        this.publisher = publisher;
        this.tail = tail;
        this.commands = commands;
        this.reads = reads;
    }

    /** Asks Kafka and the database now. Never fails. */
    CompletionStage<State> ask() {
        CompletionStage<Boolean> kafka =
                works(commands.ask()).thenApply(answers -> answers && publisher.isTaking() && tail.isFollowing());
        CompletionStage<Boolean> database = works(reads.read(tables -> {
            tables.check();
            return true;
        }));
        return kafka.thenCombine(database, State::new).thenApply(state -> last = state);
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
