package booking.schemas.command;

import booking.schemas.json.CompactJson;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;

/**
 * Writes commands as JSON. The bytes of a command are always the same, and a field at its absence is left out, so
 * that fields added in later versions do not change how the commands of this version look.
 */
public final class CommandEncoder {
    /** The command as JSON in UTF-8. */
    public byte[] encode(Command command) {
        return CompactJson.object(json -> {
            json.writeStringProperty("type", command.type().wireName());
            json.writeStringProperty("commandId", command.commandId().toString());
            json.writeStringProperty("eventId", command.eventId());
            command.match(new Body(json));
            if (command.expectedVersion().isPresent()) {
                json.writeNumberProperty(
                        "expectedVersion", command.expectedVersion().getAsLong());
            }
        });
    }

    private record Body(JsonGenerator json) implements Command.Cases<JsonGenerator> {
        @Override
        public JsonGenerator createEvent(CreateEvent command) {
            json.writeStringProperty("name", command.name())
                    .writeStringProperty("date", command.date().toString())
                    .writeStringProperty("venue", command.venue())
                    .writeNumberProperty("capacity", command.capacity());
            return sale(command.perUserLimit(), command.salesOpenAt(), command.salesCloseAt());
        }

        @Override
        public JsonGenerator updateEvent(UpdateEvent command) {
            command.name().ifPresent(name -> json.writeStringProperty("name", name));
            time("date", command.date());
            command.venue().ifPresent(venue -> json.writeStringProperty("venue", venue));
            command.capacity().ifPresent(capacity -> json.writeNumberProperty("capacity", capacity));
            return sale(command.perUserLimit(), command.salesOpenAt(), command.salesCloseAt());
        }

        @Override
        public JsonGenerator closeEvent(CloseEvent command) {
            return json;
        }

        @Override
        public JsonGenerator book(Book command) {
            return seats(command.userId(), command.quantity());
        }

        @Override
        public JsonGenerator hold(Hold command) {
            seats(command.userId(), command.quantity()).writeNumberProperty("holdSeconds", command.holdSeconds());
            command.waitlistId().ifPresent(entry -> json.writeStringProperty("waitlistId", entry.toString()));
            return json;
        }

        @Override
        public JsonGenerator confirm(Confirm command) {
            return booking(command.bookingId());
        }

        @Override
        public JsonGenerator cancel(Cancel command) {
            booking(command.bookingId());
            command.userId().ifPresent(userId -> json.writeStringProperty("userId", userId));
            return json;
        }

        @Override
        public JsonGenerator expireHold(ExpireHold command) {
            return booking(command.bookingId());
        }

        @Override
        public JsonGenerator joinWaitlist(JoinWaitlist command) {
            return seats(command.userId(), command.quantity());
        }

        @Override
        public JsonGenerator leaveWaitlist(LeaveWaitlist command) {
            return seats(command.userId(), command.quantity());
        }

        private JsonGenerator sale(
                OptionalInt perUserLimit, Optional<Instant> salesOpenAt, Optional<Instant> salesCloseAt) {
            perUserLimit.ifPresent(limit -> json.writeNumberProperty("perUserLimit", limit));
            time("salesOpenAt", salesOpenAt);
            time("salesCloseAt", salesCloseAt);
            return json;
        }

        private void time(String field, Optional<Instant> time) {
            time.ifPresent(instant -> json.writeStringProperty(field, instant.toString()));
        }

        private JsonGenerator seats(String userId, int quantity) {
            return json.writeStringProperty("userId", userId).writeNumberProperty("quantity", quantity);
        }

        private JsonGenerator booking(UUID bookingId) {
            return json.writeStringProperty("bookingId", bookingId.toString());
        }
    }
}
