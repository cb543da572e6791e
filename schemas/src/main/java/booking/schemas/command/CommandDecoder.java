package booking.schemas.command;

import booking.schemas.command.Decoded.Cause;
import com.ethlo.time.ITU;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Turns the bytes of a record of {@code booking-commands} into a command, an answerable refusal or a dead letter.
 * Total: it never throws, whatever the bytes. Safe for use by many threads.
 */
public final class CommandDecoder {
    // Every valid command fits these many times over; what does not is hostile or broken.
    private static final int MAX_NESTING_DEPTH = 64;
    private static final int MAX_NUMBER_LENGTH = 1_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final String KNOWN_TYPES =
            Arrays.stream(CommandType.values()).map(CommandType::wireName).collect(Collectors.joining(", "));

    /**
     * Decodes one record.
     *
     * @param key the record's key, which must be the event id in UTF-8, or null when the record has none
     * @param value the record's value, JSON in UTF-8, or null when the record has none
     */
    public Decoded decode(byte @Nullable [] key, byte @Nullable [] value) {
        if (value == null || value.length == 0) {
            return new Decoded.DeadLetter(Cause.EMPTY_VALUE, "the record has no value");
        }
        if (!isUtf8(value)) {
            return new Decoded.DeadLetter(Cause.NOT_UTF_8, "the value is not UTF-8");
        }
        Fields fields;
        try {
            fields = read(value);
        } catch (JacksonException e) {
            return new Decoded.DeadLetter(Cause.NOT_JSON, withoutSource(e));
        }
        if (fields == null) {
            return new Decoded.DeadLetter(Cause.NOT_AN_OBJECT, "the value is not a JSON object");
        }
        return interpret(key, fields);
    }

    private static Decoded interpret(byte @Nullable [] key, Fields fields) {
        UUID commandId;
        try {
            commandId = fields.uuid(Field.COMMAND_ID);
        } catch (IllegalArgumentException e) {
            return new Decoded.DeadLetter(Cause.NO_COMMAND_ID, message(e));
        }
        String eventId;
        try {
            eventId = fields.text(Field.EVENT_ID);
            FieldRules.requireEventId(eventId);
        } catch (IllegalArgumentException e) {
            return new Decoded.DeadLetter(Cause.NO_EVENT_ID, message(e));
        }
        Optional<CommandType> type = Optional.empty();
        try {
            type = Optional.of(knownType(fields.text(Field.TYPE)));
            requireKeyIsEventId(key, eventId);
            return new Decoded.Valid(command(type.get(), commandId, eventId, fields));
        } catch (IllegalArgumentException e) {
            return new Decoded.Refused(commandId, eventId, type, message(e));
        }
    }

    private static Command command(CommandType type, UUID commandId, String eventId, Fields fields) {
        return switch (type) {
            case CREATE_EVENT ->
                new CreateEvent(
                        commandId,
                        eventId,
                        fields.text(Field.NAME),
                        fields.instant(Field.DATE),
                        fields.optionalText(Field.VENUE).orElse(CreateEvent.DEFAULT_VENUE),
                        fields.integerOr(Field.CAPACITY, 1));
            case BOOK ->
                new Book(
                        commandId,
                        eventId,
                        fields.text(Field.USER_ID),
                        fields.integerOr(Field.QUANTITY, 1),
                        fields.optionalLong(Field.EXPECTED_VERSION));
            case CANCEL ->
                new Cancel(
                        commandId,
                        eventId,
                        fields.uuid(Field.BOOKING_ID),
                        fields.optionalText(Field.USER_ID),
                        fields.optionalLong(Field.EXPECTED_VERSION));
        };
    }

    private static CommandType knownType(String name) {
        return CommandType.fromWireName(name)
                .orElseThrow(() -> new IllegalArgumentException("type must be one of " + KNOWN_TYPES));
    }

    private static void requireKeyIsEventId(byte @Nullable [] key, String eventId) {
        if (key == null) {
            throw new IllegalArgumentException("the record has no key; it must be the eventId");
        }
        // An event id is ASCII, so it has as many bytes as characters.
        boolean same = key.length == eventId.length();
        for (int i = 0; same && i < key.length; i++) {
            same = key[i] == eventId.charAt(i);
        }
        if (!same) {
            throw new IllegalArgumentException("the record's key is not the eventId");
        }
    }

    private static boolean isUtf8(byte[] value) {
        int i = 0;
        while (i < value.length && value[i] > 0) {
            i++;
        }
        if (i == value.length) {
            return true;
        }
        // Jackson takes text with NUL bytes for UTF-16 or UTF-32; JSON in UTF-8 never has one.
        for (int j = i; j < value.length; j++) {
            if (value[j] == 0) {
                return false;
            }
        }
        try {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value, i, value.length - i));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** The known fields of the one object in the value, or null when the value is JSON of another kind. */
    private static @Nullable Fields read(byte[] value) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), value)) {
            JsonToken first = parser.nextToken();
            boolean object = first == JsonToken.START_OBJECT;
            Fields fields = new Fields();
            if (object) {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    Field field = Field.named(parser.currentName());
                    JsonToken token = parser.nextToken();
                    if (field != null) {
                        fields.put(field, token, parser);
                    }
                    skip(parser, token);
                }
            } else if (first != null) {
                skip(parser, first);
            }
            if (first != null && parser.nextToken() != null) {
                throw new TrailingContent(parser);
            }
            return object ? fields : null;
        }
    }

    /** Skips a value we do not use, yet looks at all of it: a broken one makes the whole record unreadable. */
    private static void skip(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_STRING) {
            parser.finishToken();
        } else if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            requireShort(parser);
        } else if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            int depth = 1;
            while (depth > 0) {
                JsonToken next = parser.nextToken();
                if (next == null) {
                    return;
                }
                switch (next) {
                    case START_OBJECT, START_ARRAY -> depth++;
                    case END_OBJECT, END_ARRAY -> depth--;
                    case VALUE_STRING -> parser.finishToken();
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> requireShort(parser);
                    default -> {}
                }
            }
        }
    }

    private static void requireShort(JsonParser parser) {
        parser.streamReadConstraints().validateIntegerLength(parser.getStringLength());
    }

    private static String withoutSource(JacksonException e) {
        // Jackson's original message names line, column and problem, without the customer's data.
        String message = e.getOriginalMessage();
        return "the value is not readable JSON: " + (message == null ? "no detail" : firstLine(message));
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        return line.length() <= 200 ? line : line.substring(0, 200);
    }

    private static String message(IllegalArgumentException e) {
        String message = e.getMessage();
        return message == null ? "unreadable" : message;
    }

    private static final class TrailingContent extends JacksonException {
        TrailingContent(JsonParser parser) {
            super("there is more after the end of the JSON object", parser.currentLocation(), null);
        }

        @Override
        public @Nullable Object processor() {
            return null;
        }
    }

    /** The fields that we know, in every command type. */
    private enum Field {
        TYPE("type"),
        COMMAND_ID("commandId"),
        EVENT_ID("eventId"),
        EXPECTED_VERSION("expectedVersion"),
        NAME("name"),
        DATE("date"),
        VENUE("venue"),
        CAPACITY("capacity"),
        USER_ID("userId"),
        QUANTITY("quantity"),
        BOOKING_ID("bookingId");

        private static final Map<String, Field> BY_WIRE_NAME =
                Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(field -> field.wireName, field -> field));

        private final String wireName;

        Field(String wireName) {
            this.wireName = wireName;
        }

        static @Nullable Field named(String name) {
            return BY_WIRE_NAME.get(name);
        }
    }

    /** A value of the wrong kind; kept until somebody asks for the field, and described then. */
    private record OtherKind(String description) {}

    /** What was read: for each field a String, a BigDecimal, a Long or an OtherKind, or null when it is missing. */
    private static final class Fields {
        private final Map<Field, Object> values = new EnumMap<>(Field.class);

        void put(Field field, JsonToken token, JsonParser parser) {
            Object value = switch (token) {
                case VALUE_STRING -> parser.getString();
                case VALUE_NUMBER_INT ->
                    parser.getStringLength() <= 18
                            ? (Object) parser.getLongValue()
                            : new OtherKind("a number of " + parser.getStringLength() + " digits");
                case VALUE_NUMBER_FLOAT -> {
                    requireShort(parser);
                    yield parser.getDecimalValue();
                }
                case VALUE_TRUE, VALUE_FALSE -> new OtherKind("a boolean");
                case VALUE_NULL -> new OtherKind("null");
                case START_ARRAY -> new OtherKind("an array");
                default -> new OtherKind("an object");
            };
            values.put(field, value);
        }

        private @Nullable Object get(Field field) {
            return values.get(field);
        }

        Optional<String> optionalText(Field field) {
            Object value = get(field);
            if (value == null) {
                return Optional.empty();
            }
            if (value instanceof String text) {
                return Optional.of(text);
            }
            throw illTyped(field, "text", value);
        }

        String text(Field field) {
            return optionalText(field).orElseThrow(() -> missing(field));
        }

        UUID uuid(Field field) {
            String text = text(field);
            // UUID.fromString also takes short forms such as 1-1-1-1-1, which other readers refuse.
            if (text.length() == 36) {
                try {
                    return UUID.fromString(text);
                } catch (IllegalArgumentException e) {
                    // falls through to the one message below
                }
            }
            throw new IllegalArgumentException(
                    field.wireName + " must be a UUID such as 01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a");
        }

        Instant instant(Field field) {
            String text = text(field);
            try {
                return ITU.parseDateTime(text).toInstant();
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        field.wireName + " must be an RFC 3339 date and time such as 2027-05-01T20:00:00Z", e);
            }
        }

        OptionalLong optionalLong(Field field) {
            Object value = get(field);
            if (value == null) {
                return OptionalLong.empty();
            }
            if (value instanceof Long number) {
                return OptionalLong.of(number);
            }
            // JSON knows no integers: 2, 2.0 and 2e0 are the same number. JSON Schema sees it so too.
            if (value instanceof BigDecimal number) {
                BigDecimal stripped = number.stripTrailingZeros();
                if (stripped.scale() <= 0 && (long) stripped.precision() - stripped.scale() <= 18) {
                    return OptionalLong.of(stripped.longValueExact());
                }
            }
            throw illTyped(field, "a whole number", value);
        }

        int integerOr(Field field, int otherwise) {
            OptionalLong value = optionalLong(field);
            if (value.isEmpty()) {
                return otherwise;
            }
            long number = value.getAsLong();
            if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        field.wireName + " must be at most " + Integer.MAX_VALUE + ", was " + number);
            }
            return (int) number;
        }

        private static IllegalArgumentException missing(Field field) {
            return new IllegalArgumentException(field.wireName + " is missing");
        }

        private static IllegalArgumentException illTyped(Field field, String wanted, Object value) {
            String what;
            if (value instanceof OtherKind other) {
                what = other.description();
            } else if (value instanceof String) {
                what = "text";
            } else if (value instanceof Long) {
                what = "a number";
            } else {
                what = "a number that is not whole or too large";
            }
            return new IllegalArgumentException(field.wireName + " must be " + wanted + ", was " + what);
        }
    }
}
