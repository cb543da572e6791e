package booking.standalone.client;

import booking.schemas.result.Accepted;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Puts a user into the line of an event. */
@Command(
        name = "wait",
        description = "Waits for places that become free; they are offered as a hold, first come, first served.")
public final class WaitCommand implements Callable<Integer> {
    @Mixin
    private EventDesk desk;

    @Mixin
    private SeatsWanted seats;

    @Override
    public Integer call() {
        return desk.send("POST", desk.path("waitlist"), seats.asJson(), WaitCommand::inWords);
    }

    private static String inWords(Accepted accepted) {
        return accepted.place()
                .map(place -> place.userId() + " waits for " + Places.inWords(place.quantity()) + " of "
                        + accepted.eventId() + ", number "
                        + place.waitlistPosition().orElseThrow() + " in the line")
                .orElseThrow();
    }
}
