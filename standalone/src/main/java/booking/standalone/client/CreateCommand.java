package booking.standalone.client;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Creates an event. */
@Command(name = "create", description = "Creates an event.")
public final class CreateCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOption gateway;

    @Mixin
    private KeyOption key;

    @Parameters(paramLabel = "EVENT", description = "Its id: 1 to 128 of A-Z a-z 0-9 . _ : -")
    private String eventId;

    @Option(names = "--name", paramLabel = "NAME", description = "What people call it (default: its id).")
    private @Nullable String name;

    @Option(
            names = "--date",
            paramLabel = "DATE",
            required = true,
            description = "When it takes place, such as 2027-05-01T20:00:00Z.")
    private String date;

    @Option(names = "--venue", paramLabel = "VENUE", description = "Where it takes place (default: main).")
    private @Nullable String venue;

    @Option(names = "--capacity", paramLabel = "N", description = "How many places it has (default: 1).")
    private @Nullable Integer capacity;

    @Override
    public Integer call() {
        ObjectNode event = JSON.createObjectNode()
                .put("eventId", eventId)
                .put("name", name == null ? eventId : name)
                .put("date", date);
        if (venue != null) {
            event.put("venue", venue);
        }
        if (capacity != null) {
            event.put("capacity", capacity);
        }
        return gateway.gateway()
                .post("/v1/events", key.key(), JSON.writeValueAsBytes(event))
                .tell(
                        accepted -> "created " + accepted.eventId() + " with "
                                + Places.inWords(accepted.snapshot().capacity()),
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr());
    }
}
