package booking.processor.followup;

import booking.processor.decision.Event;
import booking.processor.decision.Line;
import booking.processor.decision.Waiting;
import booking.processor.store.Lines;
import booking.processor.store.RunOutHold;
import booking.processor.store.UserAtEvent;
import booking.schemas.command.Command;
import booking.schemas.command.ExpireHold;
import booking.schemas.command.Hold;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Says which commands follow from what the tables show. Two processors that see the same write the same commands, with
 * the same ids, so that only the first of them counts.
 */
final class FollowUps {
    // The same command is not written again and again while it waits to be decided. But neither is it given up: one
    // that came too early, as clocks differ, or while somebody had the event locked, was refused, and its id is used.
    private static final long ROUND_SECONDS = 5;

    /** The others follow when these have been decided: more than is remembered would be written again and again. */
    static final int MOST_OFFERS_FOR_ONE_EVENT = 500;

    private final Duration offer;

    /** @param offer how long a hold lasts that is offered to somebody who waits */
    FollowUps(Duration offer) {
        this.offer = offer;
    }

    /** The commands that end these holds. */
    List<Command> ends(List<RunOutHold> holds, Instant now) {
        List<Command> commands = new ArrayList<>();
        for (RunOutHold hold : holds) {
            commands.add(new ExpireHold(
                    id("expire", hold.bookingId(), now), hold.eventId(), hold.bookingId(), OptionalLong.empty()));
        }
        return commands;
    }

    /** The commands that offer the free seats of events to those who wait for them. */
    List<Command> offers(Lines lines, Instant now) {
        List<Command> commands = new ArrayList<>();
        for (Event event : lines.events()) {
            Line.toServe(
                            event,
                            lines.of(event.id()),
                            user -> lines.seats().getOrDefault(new UserAtEvent(event.id(), user), 0L))
                    .stream()
                    .limit(MOST_OFFERS_FOR_ONE_EVENT)
                    .forEach(next -> commands.add(offer(next, now)));
        }
        return commands;
    }

    private Hold offer(Waiting next, Instant now) {
        return new Hold(
                id("offer", next.id(), now),
                next.eventId(),
                next.userId(),
                next.quantity(),
                Math.toIntExact(offer.toSeconds()),
                Optional.of(next.id()),
                OptionalLong.empty());
    }

    private static UUID id(String what, UUID whose, Instant now) {
        long round = Math.floorDiv(now.getEpochSecond(), ROUND_SECONDS);
        return UUID.nameUUIDFromBytes((what + " " + whose + " " + round).getBytes(StandardCharsets.UTF_8));
    }
}
