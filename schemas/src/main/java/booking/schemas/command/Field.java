package booking.schemas.command;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The JSON fields that we know, of all kinds of commands. */
enum Field {
    TYPE("type"),
    COMMAND_ID("commandId"),
    EVENT_ID("eventId"),
    EXPECTED_VERSION("expectedVersion"),
    NAME("name"),
    DATE("date"),
    VENUE("venue"),
    CAPACITY("capacity"),
    PER_USER_LIMIT("perUserLimit"),
    SALES_OPEN_AT("salesOpenAt"),
    SALES_CLOSE_AT("salesCloseAt"),
    USER_ID("userId"),
    QUANTITY("quantity"),
    HOLD_SECONDS("holdSeconds"),
    WAITLIST_ID("waitlistId"),
    BOOKING_ID("bookingId");

    private static final Map<String, Field> BY_WIRE_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Field::wireName, field -> field));

    private final String wireName;

    Field(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    /** The field with this name, or null when it is none of ours. */
    static @Nullable Field named(String name) {
        return BY_WIRE_NAME.get(name);
    }
}
