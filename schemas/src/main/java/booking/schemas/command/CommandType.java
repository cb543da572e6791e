package booking.schemas.command;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The kinds of commands, with the names that they have on the wire. */
public enum CommandType {
    CREATE_EVENT("createEvent"),
    UPDATE_EVENT("updateEvent"),
    CLOSE_EVENT("closeEvent"),
    BOOK("book"),
    HOLD("hold"),
    CONFIRM("confirm"),
    CANCEL("cancel"),
    EXPIRE_HOLD("expireHold"),
    JOIN_WAITLIST("joinWaitlist"),
    LEAVE_WAITLIST("leaveWaitlist");

    private static final Map<String, CommandType> BY_WIRE_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(CommandType::wireName, Function.identity()));

    private final String wireName;

    CommandType(String wireName) {
        this.wireName = wireName;
    }

    /** The value of the JSON field {@code type}. */
    public String wireName() {
        return wireName;
    }

    /** The type with this wire name, or empty when there is none. */
    public static Optional<CommandType> fromWireName(String name) {
        return Optional.ofNullable(BY_WIRE_NAME.get(name));
    }
}
