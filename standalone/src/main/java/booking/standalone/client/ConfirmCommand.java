package booking.standalone.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Confirms a hold. */
@Command(name = "confirm", description = "Confirms a hold; its places stay taken.")
public final class ConfirmCommand implements Callable<Integer> {
    @Mixin
    private EventDesk desk;

    @Parameters(index = "1", paramLabel = "BOOKING", description = "The booking's id.")
    private String bookingId;

    @Override
    public Integer call() {
        return desk.send(
                "POST",
                desk.path("bookings", bookingId, "confirmation"),
                accepted -> Places.inWords("confirmed", accepted));
    }
}
