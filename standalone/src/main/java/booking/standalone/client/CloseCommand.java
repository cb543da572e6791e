package booking.standalone.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Closes an event. */
@Command(name = "close", description = "Closes an event: it takes no further bookings.")
public final class CloseCommand implements Callable<Integer> {
    @Mixin
    private EventDesk desk;

    @Override
    public Integer call() {
        return desk.send(
                "POST",
                desk.path("closure"),
                accepted -> "closed " + accepted.eventId() + ", " + Places.left(accepted.snapshot()));
    }
}
