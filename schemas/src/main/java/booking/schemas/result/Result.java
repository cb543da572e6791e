package booking.schemas.result;

import booking.schemas.command.CommandType;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** The one answer to a command. Asking again with the same command id and content gets an equal one. */
public sealed interface Result permits Accepted, Rejected {

    /** The kind of command answered; empty when the command named no kind that we know. */
    Optional<CommandType> commandType();

    /** The id of the command answered. */
    UUID commandId();

    /** The event that it was about, and the key of the result's record. */
    String eventId();

    /** The booking made or named. */
    Optional<UUID> booking();

    /** Whose booking or place in the line, where known. */
    Optional<String> userId();

    /** How many seats, where known. */
    OptionalInt quantity();

    /** The event right after the decision, when it had to be looked at and exists. */
    Optional<EventSnapshot> event();

    /** Where the command answered stands in the log. */
    Position position();

    /** The time of the decision, which is the time that the log gave the command. */
    Instant decidedAt();
}
