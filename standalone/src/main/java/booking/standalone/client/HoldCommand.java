package booking.standalone.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Holds places for a while. */
@Command(
        name = "hold",
        description = "Holds places of an event for a user, until they are confirmed or the time is over.")
public final class HoldCommand implements Callable<Integer> {
    @Mixin
    private EventDesk desk;

    @Mixin
    private SeatsWanted seats;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "600",
            description = "For how long, up to a day (default: ${DEFAULT-VALUE}).")
    private int holdSeconds;

    @Override
    public Integer call() {
        return desk.send(
                "POST",
                desk.path("bookings"),
                seats.asJson().put("holdSeconds", holdSeconds),
                accepted -> Places.inWords("held", accepted));
    }
}
