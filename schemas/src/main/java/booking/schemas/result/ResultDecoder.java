package booking.schemas.result;

import booking.schemas.command.CommandType;
import booking.schemas.json.StrictJson;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.kafka.common.errors.SerializationException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads results. Fields that this version does not know are ignored. Safe for use by many threads. */
public final class ResultDecoder {
    /**
     * The result in these bytes.
     *
     * @throws SerializationException when the bytes are no result of this contract
     */
    public Result decode(byte[] value) {
        try {
            return result(StrictJson.tree(value));
        } catch (CharacterCodingException | JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new SerializationException("not a booking result: " + e.getMessage(), e);
        }
    }

    private static Result result(JsonNode json) {
        Optional<CommandType> type = json.path("type")
                .stringValueOpt()
                .map(name -> CommandType.fromWireName(name)
                        .orElseThrow(() -> new IllegalArgumentException("unknown type " + name)));
        UUID commandId = UUID.fromString(json.required("commandId").stringValue());
        String eventId = json.required("eventId").stringValue();
        Optional<UUID> bookingId = json.path("bookingId").stringValueOpt().map(UUID::fromString);
        Optional<String> userId = json.path("userId").stringValueOpt();
        OptionalInt quantity = json.path("quantity").intValueOpt();
        Optional<EventSnapshot> event = json.has("event") ? Optional.of(snapshot(json.get("event"))) : Optional.empty();
        JsonNode at = json.required("position");
        Position position = new Position(
                at.required("partition").intValue(), at.required("offset").longValue());
        Instant decidedAt = Instant.parse(json.required("decidedAt").stringValue());
        String outcome = json.required("outcome").stringValue();
        return switch (outcome) {
            case "ACCEPTED" ->
                new Accepted(
                        type.orElseThrow(() -> new IllegalArgumentException("type is missing")),
                        commandId,
                        eventId,
                        bookingId.map(id -> new Accepted.ChangedBooking(
                                id,
                                BookingStatus.valueOf(json.required("status").stringValue()),
                                userId.orElseThrow(() -> new IllegalArgumentException("userId is missing")),
                                quantity.orElseThrow(() -> new IllegalArgumentException("quantity is missing")))),
                        event.orElseThrow(() -> new IllegalArgumentException("event is missing")),
                        position,
                        decidedAt);
            case "REJECTED" ->
                new Rejected(
                        type,
                        commandId,
                        eventId,
                        Reason.valueOf(json.required("reason").stringValue()),
                        json.required("detail").stringValue(),
                        bookingId,
                        userId,
                        quantity,
                        event,
                        position,
                        decidedAt);
            default -> throw new IllegalArgumentException("outcome must be ACCEPTED or REJECTED, was " + outcome);
        };
    }

    /** Reads the {@code event} object, the same in results and in availability. */
    public static EventSnapshot snapshot(JsonNode json) {
        return new EventSnapshot(
                json.required("version").longValue(),
                json.required("capacity").intValue(),
                json.required("confirmed").intValue(),
                json.required("held").intValue());
    }
}
