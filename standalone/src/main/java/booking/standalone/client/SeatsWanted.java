package booking.standalone.client;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who wants how many places. */
@Command
final class SeatsWanted {
    private static final JsonMapper JSON = new JsonMapper();

    // The next one: a command has its event before.
    @Parameters(index = "0+", paramLabel = "USER", description = "Who the places are for.")
    private String userId;

    @Option(
            names = "--quantity",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many places (default: ${DEFAULT-VALUE}).")
    private int quantity;

    ObjectNode asJson() {
        return JSON.createObjectNode().put("userId", userId).put("quantity", quantity);
    }
}
