package booking.gateway.http;

import booking.gateway.await.WaitingRoom;
import booking.gateway.await.WaitingRoom.Waiter;
import booking.gateway.follow.TopicTail;
import booking.gateway.limit.Shares;
import booking.gateway.send.BacklogWatch;
import booking.gateway.send.CommandPublisher;
import booking.gateway.send.TraceContext;
import booking.schemas.command.Command;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Where commands are handed in, once they are known to be good ones: refused before anything is sent, or sent. */
final class CommandDesk {
    private static final int KAFKA_RETRY_SECONDS = 2;
    private static final int ROOM_RETRY_SECONDS = 1;

    private final CommandPublisher publisher;
    private final BacklogWatch backlog;
    private final TopicTail tail;
    private final WaitingRoom room;
    private final Shares shares;
    private final RateLimit limit;

    /** Where one command waits for its result, counted as a place of its caller. */
    record Place(Waiter waiter, Runnable share) {
        /** Gives it back; to be called once. */
        void leave() {
            waiter.leave();
            share.run();
        }
    }

    CommandDesk(
            CommandPublisher publisher,
            BacklogWatch backlog,
            TopicTail tail,
            WaitingRoom room,
            Shares shares,
            RateLimit limit) {
        this.publisher = publisher;
        this.backlog = backlog;
        this.tail = tail;
        this.room = room;
        this.shares = shares;
        this.limit = limit;
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

    /** A place to wait at for the command's result; nothing when all are taken, or all that this caller may have. */
    Optional<Place> place(Command command, RoutingContext call) {
        return shares.take(() -> limit.caller(call)).flatMap(share -> place(command, share));
    }

    /**
     * The same.
     *
     * @throws RequestRefused when there is none
     */
    Place requirePlace(Command command, RoutingContext call) {
        Runnable share = shares.take(() -> limit.caller(call))
                .orElseThrow(() -> RateLimit.shareIsTaken(
                        shares.most(), "commands that wait for their results", ROOM_RETRY_SECONDS));
        return place(command, share)
                .orElseThrow(() -> new RequestRefused(
                        Problem.of(ProblemCode.WAITING_ROOM_FULL, "nothing was sent; try again in a moment")
                                .retryAfterSeconds(ROOM_RETRY_SECONDS)
                                .about(command.commandId())));
    }

    private Optional<Place> place(Command command, Runnable share) {
        Optional<Waiter> waiter = room.enter(command.commandId());
        if (waiter.isEmpty()) {
            share.run();
        }
        return waiter.map(own -> new Place(own, share));
    }

    /**
     * Sends it. To be called on an event loop.
     *
     * @param resultWait how long to wait for its result; zero for not at all
     * @param place its place, which is given back when there is an outcome
     * @param receiver is given the outcome, later, on the same event loop
     */
    CommandExchange send(
            Vertx vertx,
            Command command,
            TraceContext trace,
            Duration resultWait,
            Place place,
            Consumer<Outcome> receiver) {
        return CommandExchange.begin(vertx, publisher, command, trace, resultWait, place, receiver);
    }
}
