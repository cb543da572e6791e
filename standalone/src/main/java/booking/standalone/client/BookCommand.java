package booking.standalone.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Books places. */
@Command(name = "book", description = "Books places of an event for a user.")
public final class BookCommand implements Callable<Integer> {
    @Mixin
    private EventDesk desk;

    @Mixin
    private SeatsWanted seats;

    @Override
    public Integer call() {
        return desk.send("POST", desk.path("bookings"), seats.asJson(), accepted -> Places.inWords("booked", accepted));
    }
}
