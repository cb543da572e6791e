package booking.schemas.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The text of a JSON command, field by field, so that a test can put anything where a value belongs. */
final class CommandText {
    static final String COMMAND_ID = "01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a";
    static final String EVENT_ID = "concert-42";

    private static final String BOOKING_ID = "\"01990f3c-7a52-7c11-8a5e-000000000001\"";

    private final Map<String, String> valueByField;

    private CommandText(Map<String, String> valueByField) {
        this.valueByField = valueByField;
    }

    static CommandText book() {
        return command("book").with("userId", "\"alice\"").with("quantity", "2");
    }

    static CommandText hold() {
        return command("hold").with("userId", "\"alice\"").with("quantity", "2").with("holdSeconds", "600");
    }

    static CommandText confirm() {
        return command("confirm").with("bookingId", BOOKING_ID);
    }

    static CommandText cancel() {
        return command("cancel").with("bookingId", BOOKING_ID);
    }

    static CommandText expireHold() {
        return command("expireHold").with("bookingId", BOOKING_ID);
    }

    static CommandText joinWaitlist() {
        return command("joinWaitlist").with("userId", "\"alice\"").with("quantity", "2");
    }

    static CommandText leaveWaitlist() {
        return command("leaveWaitlist").with("userId", "\"alice\"");
    }

    static CommandText createEvent() {
        return command("createEvent")
                .with("name", "\"A concert\"")
                .with("date", "\"2027-05-01T20:00:00Z\"")
                .with("capacity", "100");
    }

    static CommandText updateEvent() {
        return command("updateEvent").with("capacity", "120");
    }

    static CommandText closeEvent() {
        return command("closeEvent");
    }

    private static CommandText command(String type) {
        return new CommandText(Map.of())
                .with("type", '"' + type + '"')
                .with("commandId", '"' + COMMAND_ID + '"')
                .with("eventId", '"' + EVENT_ID + '"');
    }

    /** The same with this field at this value, which is put into the text as it is. */
    CommandText with(String field, String json) {
        Map<String, String> changed = new LinkedHashMap<>(valueByField);
        changed.put(field, json);
        return new CommandText(changed);
    }

    CommandText without(String field) {
        Map<String, String> changed = new LinkedHashMap<>(valueByField);
        changed.remove(field);
        return new CommandText(changed);
    }

    byte[] bytes() {
        return toString().getBytes(UTF_8);
    }

    @Override
    public String toString() {
        return valueByField.entrySet().stream()
                .map(field -> '"' + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
