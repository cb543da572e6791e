package booking.standalone.client;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists bookings. */
@Command(name = "bookings", description = "Lists the bookings of an event, or of a user at all events.")
public final class BookingsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOption gateway;

    @ArgGroup(multiplicity = "1")
    private Whose whose = new Whose();

    @Override
    public Integer call() {
        Table table = new Table("BOOKING", "EVENT", "USER", "PLACES", "STATUS");
        gateway.gateway()
                .forEach(
                        whose.path(),
                        "bookings",
                        booking -> table.add(
                                booking.path("bookingId").asString(),
                                booking.path("eventId").asString(),
                                booking.path("userId").asString(),
                                Integer.toString(booking.path("quantity").asInt()),
                                booking.path("status").asString()
                                        + booking.path("holdExpiresAt")
                                                .stringValueOpt()
                                                .map(end -> " until " + end)
                                                .orElse("")));
        table.print(spec.commandLine().getOut());
        return 0;
    }

    /** Either an event or a user. */
    private static final class Whose {
        @Parameters(index = "0", paramLabel = "EVENT", description = "The event's id.")
        private @Nullable String eventId;

        @Option(names = "--user", paramLabel = "USER", description = "The user, instead of an event.")
        private @Nullable String userId;

        String path() {
            return userId == null
                    ? Gateway.path("v1", "events", requireNonNull(eventId), "bookings")
                    : Gateway.path("v1", "users", userId, "bookings");
        }
    }
}
