package booking.gateway.http;

import booking.gateway.read.Page;
import booking.gateway.read.StoredBooking;
import booking.gateway.read.StoredEvent;
import booking.gateway.read.StoredWaiting;
import booking.schemas.availability.AvailabilityCodec;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the tables hold, as JSON. */
final class StoredAsJson {
    private static final JsonMapper JSON = new JsonMapper();
    private static final AvailabilityCodec AVAILABILITY = new AvailabilityCodec();

    private StoredAsJson() {}

    static byte[] event(StoredEvent event) {
        return JSON.writeValueAsBytes(eventNode(event));
    }

    static byte[] events(Page<StoredEvent> page) {
        return page("events", page, StoredAsJson::eventNode);
    }

    static byte[] booking(StoredBooking booking) {
        return JSON.writeValueAsBytes(bookingNode(booking));
    }

    static byte[] bookings(Page<StoredBooking> page) {
        return page("bookings", page, StoredAsJson::bookingNode);
    }

    static byte[] waitlist(List<StoredWaiting> waiting) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode entries = json.putArray("entries");
        waiting.forEach(entry -> entries.addObject()
                .put("eventId", entry.eventId())
                .put("quantity", entry.quantity())
                .put("joinedAt", entry.joinedAt().toString())
                .put("waitlistPosition", entry.waitlistPosition()));
        return JSON.writeValueAsBytes(json);
    }

    private static <T> byte[] page(String name, Page<T> page, Function<T, ObjectNode> node) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Entry by entry: as a tree all of them would take several times as much.
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayPropertyStart(name);
            page.entries().forEach(entry -> JSON.writeTree(json, node.apply(entry)));
            json.writeEndArray();
            page.after().ifPresent(after -> json.writeStringProperty("after", after));
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** What the topic of availability tells, and the terms of the sale. */
    private static ObjectNode eventNode(StoredEvent event) {
        ObjectNode json = (ObjectNode) JSON.readTree(AVAILABILITY.encode(event.availability()));
        event.perUserLimit().ifPresent(limit -> json.put("perUserLimit", limit));
        event.salesOpenAt().ifPresent(opens -> json.put("salesOpenAt", opens.toString()));
        event.salesCloseAt().ifPresent(closes -> json.put("salesCloseAt", closes.toString()));
        return json;
    }

    private static ObjectNode bookingNode(StoredBooking booking) {
        ObjectNode json = JSON.createObjectNode()
                .put("bookingId", booking.bookingId().toString())
                .put("eventId", booking.eventId())
                .put("userId", booking.userId())
                .put("quantity", booking.quantity())
                .put("status", booking.status().name());
        booking.holdExpiresAt().ifPresent(end -> json.put("holdExpiresAt", end.toString()));
        return json.put("createdAt", booking.createdAt().toString())
                .put("updatedAt", booking.updatedAt().toString());
    }
}
