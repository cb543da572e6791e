package booking.gateway.http;

import booking.schemas.result.Position;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** Tells where a command stands, as JSON. */
final class CommandStatus {
    private static final JsonMapper JSON = new JsonMapper();

    private CommandStatus() {}

    /** Written and not yet decided. */
    static byte[] pending(UUID commandId, Position position) {
        return JSON.writeValueAsBytes(undecided(commandId, position));
    }

    /**
     * Written and not yet decided.
     *
     * @param ahead how many commands come before it in its line
     */
    static byte[] pending(UUID commandId, Position position, long ahead) {
        return JSON.writeValueAsBytes(undecided(commandId, position).put("ahead", ahead));
    }

    /** Decided; the result is JSON as it was stored. */
    static byte[] decided(UUID commandId, String result) {
        ObjectNode json = JSON.createObjectNode();
        json.put("commandId", commandId.toString());
        json.put("status", JSON.readTree(result).path("outcome").asString());
        json.putRawValue("result", new RawValue(result));
        return JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
    }

    /** The result in this status; nothing while it is not decided. */
    static Optional<JsonNode> result(byte[] status) {
        return Optional.ofNullable(JSON.readTree(status).get("result"));
    }

    private static ObjectNode undecided(UUID commandId, Position position) {
        ObjectNode json = JSON.createObjectNode();
        json.put("commandId", commandId.toString());
        json.put("status", "PENDING");
        json.putObject("position").put("partition", position.partition()).put("offset", position.offset());
        return json;
    }
}
