package booking.standalone.audit;

import booking.standalone.audit.Snapshot.Row;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The row of one key, in the audited database and as the replay made it; at least one is there.
 *
 * @param found in the audited database
 * @param replayed made by the replay
 */
record RowPair(Optional<Row> found, Optional<Row> replayed) {
    private static final JsonMapper JSON = new JsonMapper();

    boolean isEqual() {
        return found.equals(replayed);
    }

    String key() {
        return found.or(() -> replayed).orElseThrow().key();
    }

    /** The result in an outcome; missing when it cannot be read. */
    static JsonNode result(Row outcome) {
        try {
            return JSON.readTree(columns(outcome).path("result").asString(""));
        } catch (JacksonException e) {
            // Then it is not what a processor wrote; the difference will show it.
            return JSON.missingNode();
        }
    }

    static JsonNode columns(Row row) {
        return JSON.readTree(row.json());
    }

    /** The events that the rows are about, one or two. */
    Set<String> events(AuditedTable table) {
        Set<String> events = new LinkedHashSet<>();
        Stream.concat(found.stream(), replayed.stream()).forEach(row -> events.add(event(table, row)));
        return events;
    }

    private static String event(AuditedTable table, Row row) {
        return switch (table) {
            case EVENTS -> row.key();
            case OUTCOMES -> result(row).path("eventId").asString("");
            case BOOKINGS, WAITLIST -> columns(row).path("event_id").asString("");
        };
    }

    /** What is different. */
    String difference() {
        if (replayed.isEmpty()) {
            return "found, but the log does not make it: " + found.orElseThrow().json();
        }
        if (found.isEmpty()) {
            return "missing; the log makes it: " + replayed.orElseThrow().json();
        }
        JsonNode before = columns(found.orElseThrow());
        JsonNode after = columns(replayed.orElseThrow());
        List<String> differences = new ArrayList<>();
        for (String column : before.propertyNames()) {
            if (!before.path(column).equals(after.path(column))) {
                differences.add(column + ": found " + before.path(column) + ", the log makes " + after.path(column));
            }
        }
        return String.join("; ", differences);
    }
}
