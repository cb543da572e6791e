package booking.standalone.client;

import booking.schemas.result.Accepted;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Books places. */
@Command(name = "book", description = "Books places of an event for a user.")
public final class BookCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOption gateway;

    @Mixin
    private KeyOption key;

    @Parameters(index = "0", paramLabel = "EVENT", description = "The event's id.")
    private String eventId;

    @Parameters(index = "1", paramLabel = "USER", description = "Who the places are for.")
    private String userId;

    @Option(
            names = "--quantity",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many places (default: ${DEFAULT-VALUE}).")
    private int quantity;

    @Override
    public Integer call() {
        byte[] booking = JSON.writeValueAsBytes(
                JSON.createObjectNode().put("userId", userId).put("quantity", quantity));
        return gateway.gateway()
                .post(Gateway.path("v1", "events", eventId, "bookings"), key.key(), booking)
                .tell(
                        BookCommand::inWords,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr());
    }

    private static String inWords(Accepted accepted) {
        return accepted.changed()
                .map(booking -> "booked " + Places.inWords(booking.quantity()) + " of " + accepted.eventId() + " for "
                        + booking.userId() + ", " + accepted.snapshot().available() + " left; booking "
                        + booking.bookingId())
                .orElse("booked");
    }
}
