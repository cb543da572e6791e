package booking.auditor;

import booking.schemas.json.StrictJson;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeType;

/**
 * The fields of a result as plain text, so that a wrong one can be seen and told, where the contract's own records would
 * refuse to be made. {@code detail} is not among them: it is for people, and may be reworded.
 */
final class ResultFields {
    static final String KEY = "key";
    static final String TYPE = "type";
    static final String COMMAND_ID = "commandId";
    static final String EVENT_ID = "eventId";
    static final String OUTCOME = "outcome";
    static final String REASON = "reason";
    static final String BOOKING_ID = "bookingId";
    static final String STATUS = "status";
    static final String USER_ID = "userId";
    static final String QUANTITY = "quantity";
    static final String HOLD_EXPIRES_AT = "holdExpiresAt";
    static final String WAITLIST_POSITION = "waitlistPosition";
    static final String VERSION = "event.version";
    static final String CAPACITY = "event.capacity";
    static final String CONFIRMED = "event.confirmed";
    static final String HELD = "event.held";
    static final String AVAILABLE = "event.available";
    static final String PARTITION = "position.partition";
    static final String OFFSET = "position.offset";
    static final String DECIDED_AT = "decidedAt";

    static final List<String> NAMES = List.of(
            KEY,
            TYPE,
            COMMAND_ID,
            EVENT_ID,
            OUTCOME,
            REASON,
            BOOKING_ID,
            STATUS,
            USER_ID,
            QUANTITY,
            HOLD_EXPIRES_AT,
            WAITLIST_POSITION,
            VERSION,
            CAPACITY,
            CONFIRMED,
            HELD,
            AVAILABLE,
            PARTITION,
            OFFSET,
            DECIDED_AT);

    private static final Set<String> NUMBERS =
            Set.of(QUANTITY, WAITLIST_POSITION, VERSION, CAPACITY, CONFIRMED, HELD, AVAILABLE, PARTITION, OFFSET);

    private ResultFields() {}

    /** The fields of this record; empty when its value is not a JSON object with an outcome. */
    static Optional<Map<String, String>> read(byte[] key, byte[] value) {
        JsonNode json;
        try {
            json = StrictJson.tree(value);
        } catch (CharacterCodingException | JacksonException e) {
            return Optional.empty();
        }
        if (!json.isObject() || !json.path(OUTCOME).isString()) {
            return Optional.empty();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(KEY, new String(key, StandardCharsets.UTF_8));
        for (String name : NAMES) {
            int dot = name.indexOf('.');
            JsonNode found = dot < 0
                    ? json.path(name)
                    : json.path(name.substring(0, dot)).path(name.substring(dot + 1));
            if (!found.isMissingNode()) {
                String text = text(found, NUMBERS.contains(name) ? JsonNodeType.NUMBER : JsonNodeType.STRING);
                fields.put(name, name.endsWith("At") ? time(text) : text);
            }
        }
        return Optional.of(fields);
    }

    /** What is of another type than it should be is not the same as what it looks like. */
    static String text(JsonNode node, JsonNodeType type) {
        boolean isRight = node.getNodeType() == type && (!node.isNumber() || node.isIntegralNumber());
        return isRight ? node.asString() : node.getNodeType() + " " + node;
    }

    /** The same time is the same text, in whichever form it was written. */
    static String time(String text) {
        try {
            return Instant.parse(text).toString();
        } catch (DateTimeException e) {
            return text;
        }
    }
}
