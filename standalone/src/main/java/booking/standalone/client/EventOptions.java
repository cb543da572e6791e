package booking.standalone.client;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What can be said of an event when it is created, and changed later. */
final class EventOptions {
    private static final JsonMapper JSON = new JsonMapper();

    @Option(names = "--name", paramLabel = "NAME", description = "What people call it.")
    private @Nullable String name;

    @Option(names = "--venue", paramLabel = "VENUE", description = "Where it takes place.")
    private @Nullable String venue;

    @Option(names = "--capacity", paramLabel = "N", description = "How many places it has.")
    private @Nullable Integer capacity;

    @Option(names = "--limit", paramLabel = "N", description = "How many places one user may have.")
    private @Nullable Integer perUserLimit;

    @Option(names = "--opens", paramLabel = "TIME", description = "When sales open, such as 2027-03-01T09:00:00Z.")
    private @Nullable String salesOpenAt;

    @Option(names = "--closes", paramLabel = "TIME", description = "When sales close.")
    private @Nullable String salesCloseAt;

    /** What was given; a field that was not is missing. */
    ObjectNode asJson() {
        ObjectNode json = JSON.createObjectNode();
        put(json, "name", name);
        put(json, "venue", venue);
        put(json, "capacity", capacity);
        put(json, "perUserLimit", perUserLimit);
        put(json, "salesOpenAt", salesOpenAt);
        put(json, "salesCloseAt", salesCloseAt);
        return json;
    }

    private static void put(ObjectNode json, String field, @Nullable Object value) {
        if (value != null) {
            json.putPOJO(field, value);
        }
    }
}
