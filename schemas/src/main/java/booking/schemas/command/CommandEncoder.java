package booking.schemas.command;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes commands as JSON. The bytes of a command are always the same, and a field at its absence is left out, so
 * that fields added in later versions do not change how the commands of this version look.
 */
public final class CommandEncoder {
    private static final JsonFactory JSON = new JsonFactory();

    /** The command as JSON in UTF-8. */
    public byte[] encode(Command command) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("type", command.type().wireName());
            json.writeStringProperty("commandId", command.commandId().toString());
            json.writeStringProperty("eventId", command.eventId());
            command.match(new Body(json));
            if (command.expectedVersion().isPresent()) {
                json.writeNumberProperty(
                        "expectedVersion", command.expectedVersion().getAsLong());
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private record Body(JsonGenerator json) implements Command.Cases<JsonGenerator> {
        @Override
        public JsonGenerator createEvent(CreateEvent command) {
            return json.writeStringProperty("name", command.name())
                    .writeStringProperty("date", command.date().toString())
                    .writeStringProperty("venue", command.venue())
                    .writeNumberProperty("capacity", command.capacity());
        }

        @Override
        public JsonGenerator book(Book command) {
            return json.writeStringProperty("userId", command.userId())
                    .writeNumberProperty("quantity", command.quantity());
        }

        @Override
        public JsonGenerator cancel(Cancel command) {
            json.writeStringProperty("bookingId", command.bookingId().toString());
            command.userId().ifPresent(userId -> json.writeStringProperty("userId", userId));
            return json;
        }
    }
}
