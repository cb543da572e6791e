package booking.schemas.availability;

import booking.schemas.json.CompactJson;
import booking.schemas.json.InstantText;
import booking.schemas.json.JsonFields;
import booking.schemas.json.JsonProblem;
import booking.schemas.json.StrictJson;
import booking.schemas.result.ResultDecoder;
import booking.schemas.result.ResultEncoder;
import java.nio.charset.CharacterCodingException;
import org.apache.kafka.common.errors.SerializationException;
import tools.jackson.core.JacksonException;

/** Writes and reads availability as JSON. Safe for use by many threads. */
public final class AvailabilityCodec {
    /** The availability as JSON in UTF-8. */
    public byte[] encode(Availability availability) {
        return CompactJson.object(json -> {
            json.writeStringProperty("eventId", availability.eventId());
            json.writeStringProperty("name", availability.name());
            json.writeStringProperty("date", availability.date().toString());
            json.writeStringProperty("venue", availability.venue());
            json.writeStringProperty("status", availability.status().name());
            json.writeBooleanProperty("isBooked", availability.isBooked());
            json.writeName("event");
            ResultEncoder.writeSnapshot(json, availability.snapshot());
            json.writeStringProperty("updatedAt", InstantText.of(availability.updatedAt()));
        });
    }

    /**
     * The availability in these bytes. Fields that this version does not know are ignored.
     *
     * @throws SerializationException when the bytes are no availability of this contract, or one with a status that this
     *     version does not know
     */
    public Availability decode(byte[] value) {
        try {
            JsonFields json = new JsonFields(StrictJson.tree(value));
            return new Availability(
                    json.text("eventId"),
                    json.text("name"),
                    json.instant("date"),
                    json.text("venue"),
                    json.oneOf(EventStatus.class, "status"),
                    ResultDecoder.snapshot(json.object("event")),
                    json.instant("updatedAt"));
        } catch (CharacterCodingException e) {
            throw new SerializationException("not an event's availability: not UTF-8", e);
        } catch (JacksonException e) {
            throw new SerializationException("not an event's availability: " + JsonProblem.describe(e), e);
        } catch (IllegalArgumentException e) {
            throw new SerializationException("not an event's availability: " + e.getMessage(), e);
        }
    }
}
