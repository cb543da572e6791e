package booking.standalone.client;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cancels a booking. */
@Command(name = "cancel", description = "Cancels a booking; its places are free again.")
public final class CancelCommand implements Callable<Integer> {
    @Mixin
    private EventDesk desk;

    @Parameters(index = "1", paramLabel = "BOOKING", description = "The booking's id.")
    private String bookingId;

    @Option(names = "--user", paramLabel = "USER", description = "Only if the booking is this user's.")
    private @Nullable String userId;

    @Override
    public Integer call() {
        String booking = desk.path("bookings", bookingId);
        return desk.send(
                "DELETE",
                userId == null ? booking : booking + "?userId=" + Gateway.encoded(userId),
                accepted -> "cancelled, " + accepted.snapshot().available() + " left of " + accepted.eventId());
    }
}
