package booking.schemas.command;

import booking.schemas.command.Decoded.Cause;
import booking.schemas.command.Fields.OtherKind;
import booking.schemas.json.JsonProblem;
import booking.schemas.json.StrictJson;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;

/** Reads the known fields out of JSON. Looks at all of it: what breaks off later is no JSON. */
final class FieldReader {
    private FieldReader() {}

    /**
     * The known fields of the one JSON object in these bytes.
     *
     * @throws UnreadableValue when they are not one JSON object; nothing else, whatever the bytes
     */
    static Fields read(byte[] value) throws UnreadableValue {
        try (JsonParser parser = StrictJson.parser(value)) {
            return read(parser);
        } catch (CharacterCodingException e) {
            throw new UnreadableValue(Cause.NOT_UTF_8, "the value is not UTF-8");
        } catch (JacksonException e) {
            throw new UnreadableValue(Cause.NOT_JSON, JsonProblem.describe(e));
        } catch (RuntimeException e) {
            // The parser's own mistake, met by bytes that nobody tried before. They would be met again at each
            // attempt, so the record has to go where a person can look at it.
            throw new UnreadableValue(
                    Cause.NOT_JSON, "the JSON parser failed: " + e.getClass().getName());
        }
    }

    private static Fields read(JsonParser parser) throws UnreadableValue {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new UnreadableValue(Cause.EMPTY_VALUE, "the value is blank");
        }
        Fields fields = new Fields();
        if (first == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                Field field = Field.named(parser.currentName());
                JsonToken token = parser.nextToken();
                if (field != null) {
                    fields.put(field, value(token, parser));
                }
                skip(parser, token);
            }
        } else {
            skip(parser, first);
        }
        if (parser.nextToken() != null) {
            throw new UnreadableValue(
                    Cause.NOT_JSON,
                    JsonProblem.describe(parser.currentTokenLocation(), "there is more after the end of the value"));
        }
        if (first != JsonToken.START_OBJECT) {
            throw new UnreadableValue(Cause.NOT_AN_OBJECT, "the value is not a JSON object");
        }
        return fields;
    }

    private static Object value(JsonToken token, JsonParser parser) {
        return switch (token) {
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == NumberType.BIG_INTEGER
                        ? new OtherKind("a number out of range")
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case VALUE_TRUE, VALUE_FALSE -> new OtherKind("a boolean");
            case VALUE_NULL -> new OtherKind("null");
            case START_ARRAY -> new OtherKind("an array");
            default -> new OtherKind("an object");
        };
    }

    private static Object decimal(JsonParser parser) {
        StrictJson.requireShortNumber(parser);
        try {
            return new BigDecimal(parser.getString());
        } catch (NumberFormatException e) {
            // The exponent has more than 32 bits.
            return new OtherKind("a number out of range");
        }
    }

    /** Skips a value we do not use, yet looks at all of it: a broken one makes the whole record unreadable. */
    private static void skip(JsonParser parser, JsonToken token) {
        int depth = 0;
        JsonToken next = token;
        while (true) {
            switch (next) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case VALUE_STRING -> parser.finishToken();
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> StrictJson.requireShortNumber(parser);
                default -> {}
            }
            if (depth == 0) {
                return;
            }
            next = parser.nextToken();
        }
    }
}
