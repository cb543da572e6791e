package booking.gateway.http;

import booking.gateway.await.WaitingRoom;
import booking.gateway.await.WaitingRoom.Waiter;
import booking.gateway.follow.TopicTail;
import booking.gateway.send.BacklogWatch;
import booking.gateway.send.CommandPublisher;
import booking.gateway.send.TraceContext;
import booking.schemas.command.Command;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Where commands are handed in, once they are known to be good ones: refused before anything is sent, or sent. */
final class CommandDesk {
    private static final int KAFKA_RETRY_SECONDS = 2;

    private final CommandPublisher publisher;
    private final BacklogWatch backlog;
    private final TopicTail tail;
    private final WaitingRoom room;

    CommandDesk(CommandPublisher publisher, BacklogWatch backlog, TopicTail tail, WaitingRoom room) {
        this.publisher = publisher;
        this.backlog = backlog;
        this.tail = tail;
        this.room = room;
    }

    /** Refuses a command whose result nobody would see, or that would have to wait for too long to be decided. */
    void requireOpen(Command command) {
        // Without the tail nobody would see the result.
        if (!tail.isFollowing()) {
            throw new RequestRefused(
                    Problem.of(ProblemCode.KAFKA_UNAVAILABLE, "the gateway has no connection to the results yet")
                            .retryAfterSeconds(KAFKA_RETRY_SECONDS)
                            .about(command.commandId()));
        }
        backlog.refusal(command.type()).ifPresent(behind -> {
            throw new RequestRefused(Problem.of(ProblemCode.PROCESSOR_BEHIND, behind.detail())
                    .retryAfterSeconds(behind.retryAfterSeconds())
                    .about(command.commandId()));
        });
    }

    /** A place to wait at for the command's result; nothing when all are taken. */
    Optional<Waiter> place(Command command) {
        return room.enter(command.commandId());
    }

    /**
     * Sends it. To be called on an event loop.
     *
     * @param resultWait how long to wait for its result; zero for not at all
     * @param waiter its place, which is given back when there is an outcome
     * @param receiver is given the outcome, later, on the same event loop
     */
    CommandExchange send(
            Vertx vertx,
            Command command,
            TraceContext trace,
            Duration resultWait,
            Waiter waiter,
            Consumer<Outcome> receiver) {
        return CommandExchange.begin(vertx, publisher, command, trace, resultWait, waiter, receiver);
    }
}
