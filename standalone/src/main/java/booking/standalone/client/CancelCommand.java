package booking.standalone.client;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Cancels a booking. */
@Command(name = "cancel", description = "Cancels a booking; its places are free again.")
public final class CancelCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOption gateway;

    @Mixin
    private KeyOption key;

    @Parameters(index = "0", paramLabel = "EVENT", description = "The event's id.")
    private String eventId;

    @Parameters(index = "1", paramLabel = "BOOKING", description = "The booking's id.")
    private String bookingId;

    @Option(names = "--user", paramLabel = "USER", description = "Only if the booking is this user's.")
    private @Nullable String userId;

    @Override
    public Integer call() {
        String booking = Gateway.path("v1", "events", eventId, "bookings", bookingId);
        return gateway.gateway()
                .delete(userId == null ? booking : booking + "?userId=" + Gateway.encoded(userId), key.key())
                .tell(
                        accepted -> "cancelled, " + accepted.snapshot().available() + " left of " + accepted.eventId(),
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr());
    }
}
