package booking.schemas.result;

import booking.schemas.command.CommandType;
import booking.schemas.json.CompactJson;
import booking.schemas.json.InstantText;
import booking.schemas.result.Accepted.ChangedBooking;
import booking.schemas.result.Accepted.WaitlistPlace;
import java.util.OptionalInt;
import tools.jackson.core.JsonGenerator;

/** Writes results as JSON; what is absent is left out. Safe for use by many threads. */
public final class ResultEncoder {
    /** The result as JSON in UTF-8. */
    public byte[] encode(Result result) {
        return CompactJson.object(json -> {
            result.commandType().map(CommandType::wireName).ifPresent(type -> json.writeStringProperty("type", type));
            json.writeStringProperty("commandId", result.commandId().toString());
            json.writeStringProperty("eventId", result.eventId());
            if (result instanceof Rejected rejected) {
                json.writeStringProperty("outcome", "REJECTED");
                json.writeStringProperty("reason", rejected.reason().name());
                json.writeStringProperty("detail", rejected.detail());
            } else {
                json.writeStringProperty("outcome", "ACCEPTED");
            }
            result.booking().ifPresent(booking -> json.writeStringProperty("bookingId", booking.toString()));
            if (result instanceof Accepted accepted) {
                accepted.changed().ifPresent(booking -> writeState(json, booking));
            }
            result.userId().ifPresent(userId -> json.writeStringProperty("userId", userId));
            if (result.quantity().isPresent()) {
                json.writeNumberProperty("quantity", result.quantity().getAsInt());
            }
            if (result instanceof Accepted accepted) {
                accepted.place()
                        .map(WaitlistPlace::waitlistPosition)
                        .ifPresent(position -> writePosition(json, position));
            }
            if (result.event().isPresent()) {
                json.writeName("event");
                writeSnapshot(json, result.event().get());
            }
            json.writeObjectPropertyStart("position");
            json.writeNumberProperty("partition", result.position().partition());
            json.writeNumberProperty("offset", result.position().offset());
            json.writeEndObject();
            json.writeStringProperty("decidedAt", InstantText.of(result.decidedAt()));
        });
    }

    private static void writeState(JsonGenerator json, ChangedBooking booking) {
        json.writeStringProperty("status", booking.status().name());
        // Each hold has its own time: remembered, it would push out the one that the records of a batch share.
        booking.holdExpiresAt().ifPresent(at -> json.writeStringProperty("holdExpiresAt", at.toString()));
    }

    private static void writePosition(JsonGenerator json, OptionalInt waitlistPosition) {
        waitlistPosition.ifPresent(position -> json.writeNumberProperty("waitlistPosition", position));
    }

    /** Writes the {@code event} object, the same in results and in availability. */
    public static void writeSnapshot(JsonGenerator json, EventSnapshot event) {
        json.writeStartObject();
        json.writeNumberProperty("version", event.version());
        json.writeNumberProperty("capacity", event.capacity());
        json.writeNumberProperty("confirmed", event.confirmed());
        json.writeNumberProperty("held", event.held());
        json.writeNumberProperty("available", event.available());
        json.writeEndObject();
    }
}
