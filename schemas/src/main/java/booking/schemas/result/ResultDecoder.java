package booking.schemas.result;

import booking.schemas.command.CommandType;
import booking.schemas.json.JsonFields;
import booking.schemas.json.JsonProblem;
import booking.schemas.json.StrictJson;
import booking.schemas.result.Accepted.ChangedBooking;
import booking.schemas.result.Accepted.WaitlistPlace;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.kafka.common.errors.SerializationException;
import tools.jackson.core.JacksonException;

/** Reads results. Fields that this version does not know are ignored. Safe for use by many threads. */
public final class ResultDecoder {
    /**
     * The result in these bytes.
     *
     * @throws SerializationException when the bytes are no result of this contract, or one with a type, status or
     *     reason that this version does not know
     */
    public Result decode(byte[] value) {
        try {
            return result(new JsonFields(StrictJson.tree(value)));
        } catch (CharacterCodingException e) {
            throw new SerializationException("not a booking result: not UTF-8", e);
        } catch (JacksonException e) {
            throw new SerializationException("not a booking result: " + JsonProblem.describe(e), e);
        } catch (IllegalArgumentException e) {
            throw new SerializationException("not a booking result: " + e.getMessage(), e);
        }
    }

    private static Result result(JsonFields json) {
        String outcome = json.text("outcome");
        return switch (outcome) {
            case "ACCEPTED" -> accepted(json);
            case "REJECTED" -> rejected(json);
            default -> throw new IllegalArgumentException("outcome must be ACCEPTED or REJECTED");
        };
    }

    private static Accepted accepted(JsonFields json) {
        CommandType type = type(json).orElseThrow(() -> new IllegalArgumentException("type is missing"));
        return new Accepted(
                type,
                json.uuid("commandId"),
                json.text("eventId"),
                json.optionalUuid("bookingId").map(id -> booking(id, json)),
                place(type, json),
                snapshot(json.object("event")),
                position(json.object("position")),
                json.instant("decidedAt"));
    }

    private static ChangedBooking booking(UUID id, JsonFields json) {
        BookingStatus status = json.oneOf(BookingStatus.class, "status");
        return new ChangedBooking(
                id,
                status,
                json.text("userId"),
                json.integer("quantity"),
                status == BookingStatus.HELD ? Optional.of(json.instant("holdExpiresAt")) : Optional.empty());
    }

    private static Optional<WaitlistPlace> place(CommandType type, JsonFields json) {
        return switch (type) {
            case JOIN_WAITLIST -> Optional.of(place(json, OptionalInt.of(json.integer("waitlistPosition"))));
            case LEAVE_WAITLIST -> Optional.of(place(json, OptionalInt.empty()));
            default -> Optional.empty();
        };
    }

    private static WaitlistPlace place(JsonFields json, OptionalInt position) {
        return new WaitlistPlace(json.text("userId"), json.integer("quantity"), position);
    }

    private static Rejected rejected(JsonFields json) {
        return new Rejected(
                type(json),
                json.uuid("commandId"),
                json.text("eventId"),
                json.oneOf(Reason.class, "reason"),
                json.text("detail"),
                json.optionalUuid("bookingId"),
                json.optionalText("userId"),
                json.optionalInteger("quantity"),
                json.has("event") ? Optional.of(snapshot(json.object("event"))) : Optional.empty(),
                position(json.object("position")),
                json.instant("decidedAt"));
    }

    private static Optional<CommandType> type(JsonFields json) {
        return json.optionalText("type")
                .map(name -> CommandType.fromWireName(name)
                        .orElseThrow(() -> new IllegalArgumentException("type must be one that this version knows")));
    }

    private static Position position(JsonFields json) {
        return new Position(json.integer("partition"), json.longInteger("offset"));
    }

    /** Reads the {@code event} object, the same in results and in availability. */
    public static EventSnapshot snapshot(JsonFields json) {
        return new EventSnapshot(
                json.longInteger("version"), json.integer("capacity"), json.integer("confirmed"), json.integer("held"));
    }
}
