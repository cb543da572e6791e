package booking.standalone.client;

import booking.schemas.result.Accepted;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What every command has that changes an event or its bookings: which event, asked of whom, and under which key. */
@Command
final class EventDesk {
    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] NOTHING = new byte[0];

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private GatewayOption gateway;

    @Mixin
    private KeyOption key;

    @Parameters(index = "0", paramLabel = "EVENT", description = "The event's id: 1 to 128 of A-Z a-z 0-9 . _ : -")
    private String eventId;

    String eventId() {
        return eventId;
    }

    /** The path of something that belongs to the event. */
    String path(String... parts) {
        return Gateway.path("v1", "events", eventId) + Gateway.path(parts);
    }

    /** Sends a command with a body and tells the outcome; the exit code is the answer. */
    int send(String method, String path, ObjectNode body, Function<Accepted, String> success) {
        return send(method, path, JSON.writeValueAsBytes(body), success);
    }

    /** Sends a command that is said by its path, and tells the outcome in the same way. */
    int send(String method, String path, Function<Accepted, String> success) {
        return send(method, path, NOTHING, success);
    }

    private int send(String method, String path, byte[] body, Function<Accepted, String> success) {
        return gateway.gateway()
                .send(method, path, key.key(), body)
                .tell(success, spec.commandLine().getOut(), spec.commandLine().getErr());
    }
}
