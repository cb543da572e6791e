package booking.schemas.command;

import java.util.Optional;
import java.util.UUID;

/** What the bytes of a record turned out to be. Every record is one of these three; nothing is dropped. */
public sealed interface Decoded {

    /** A command that can be decided. */
    record Valid(Command command) implements Decoded {}

    /**
     * Not a command, but it says which command and event it was about, so its sender gets an answer:
     * {@code INVALID_COMMAND}.
     *
     * @param type the command's type, when it is one that we know
     * @param detail what is wrong, naming the field
     */
    record Refused(UUID commandId, String eventId, Optional<CommandType> type, String detail) implements Decoded {}

    /** Nobody can be answered: the record goes to the dead letters, as it came. */
    record DeadLetter(Cause cause, String detail) implements Decoded {}

    /** Why a record cannot be answered. */
    enum Cause {
        EMPTY_VALUE,
        TOO_LARGE,
        NOT_UTF_8,
        NOT_JSON,
        NOT_AN_OBJECT,
        NO_COMMAND_ID,
        NO_EVENT_ID
    }
}
