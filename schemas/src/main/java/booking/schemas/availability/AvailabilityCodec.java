package booking.schemas.availability;

import booking.schemas.json.InstantText;
import booking.schemas.json.StrictJson;
import booking.schemas.result.ResultDecoder;
import booking.schemas.result.ResultEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.common.errors.SerializationException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/** Writes and reads availability as JSON. Safe for use by many threads. */
public final class AvailabilityCodec {
    private static final JsonFactory JSON = new JsonFactory();

    /** The availability as JSON in UTF-8. */
    public byte[] encode(Availability availability) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("eventId", availability.eventId());
            json.writeStringProperty("name", availability.name());
            json.writeStringProperty("date", availability.date().toString());
            json.writeStringProperty("venue", availability.venue());
            json.writeStringProperty("status", availability.status().name());
            json.writeBooleanProperty("isBooked", availability.isBooked());
            json.writeName("event");
            ResultEncoder.writeSnapshot(json, availability.snapshot());
            json.writeStringProperty("updatedAt", InstantText.of(availability.updatedAt()));
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /**
     * The availability in these bytes. Fields that this version does not know are ignored.
     *
     * @throws SerializationException when the bytes are no availability of this contract
     */
    public Availability decode(byte[] value) {
        try {
            JsonNode json = StrictJson.tree(value);
            return new Availability(
                    json.required("eventId").stringValue(),
                    json.required("name").stringValue(),
                    Instant.parse(json.required("date").stringValue()),
                    json.required("venue").stringValue(),
                    EventStatus.valueOf(json.required("status").stringValue()),
                    ResultDecoder.snapshot(json.required("event")),
                    Instant.parse(json.required("updatedAt").stringValue()));
        } catch (CharacterCodingException | JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new SerializationException("not an event's availability: " + e.getMessage(), e);
        }
    }
}
