package booking.standalone.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a user out of the line of an event. */
@Command(name = "leave", description = "Leaves the line of those who wait for places of an event.")
public final class LeaveCommand implements Callable<Integer> {
    @Mixin
    private EventDesk desk;

    @Parameters(index = "1", paramLabel = "USER", description = "Who leaves.")
    private String userId;

    @Override
    public Integer call() {
        return desk.send(
                "DELETE",
                desk.path("waitlist") + "?userId=" + Gateway.encoded(userId),
                accepted -> userId + " no longer waits for places of " + accepted.eventId());
    }
}
