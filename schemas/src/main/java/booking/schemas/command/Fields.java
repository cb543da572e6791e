package booking.schemas.command;

import booking.schemas.json.UuidText;
import com.ethlo.time.ITU;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What a JSON object says about the fields that we know. Asked for a field, it gives the value or throws an
 * {@link IllegalArgumentException} that names the field; what nobody asks for may be anything.
 */
final class Fields {
    /** A value of a kind that no field has, or a number beyond every range; described to the one who asks. */
    record OtherKind(String description) {}

    /** String, Long, BigDecimal or OtherKind. */
    private final Map<Field, Object> valueByField = new EnumMap<>(Field.class);

    void put(Field field, Object value) {
        valueByField.put(field, value);
    }

    Optional<String> optionalText(Field field) {
        Object value = valueByField.get(field);
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
        return uuid(field, text(field));
    }

    Optional<UUID> optionalUuid(Field field) {
        return optionalText(field).map(text -> uuid(field, text));
    }

    private static UUID uuid(Field field, String text) {
        return UuidText.parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        field.wireName() + " must be a UUID such as 01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a"));
    }

    Instant instant(Field field) {
        return instant(field, text(field));
    }

    Optional<Instant> optionalInstant(Field field) {
        return optionalText(field).map(text -> instant(field, text));
    }

    private static Instant instant(Field field, String text) {
        // RFC 3339 writes a known time at an unknown place so; what matters here is the time.
        String placed = text.endsWith("-00:00") ? text.substring(0, text.length() - 6) + "Z" : text;
        try {
            return ITU.parseDateTime(placed).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    field.wireName() + " must be an RFC 3339 date and time such as 2027-05-01T20:00:00Z", e);
        }
    }

    OptionalLong optionalLong(Field field) {
        Object value = valueByField.get(field);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Long number) {
            return OptionalLong.of(number);
        }
        // JSON knows no integers: 2, 2.0 and 2e0 are the same number. JSON Schema sees it so too.
        if (value instanceof BigDecimal number) {
            OptionalLong whole = whole(number);
            if (whole.isPresent()) {
                return whole;
            }
        }
        throw illTyped(field, "a whole number", value);
    }

    int integer(Field field) {
        return optionalInteger(field).orElseThrow(() -> missing(field));
    }

    int integerOr(Field field, int otherwise) {
        return optionalInteger(field).orElse(otherwise);
    }

    OptionalInt optionalInteger(Field field) {
        OptionalLong value = optionalLong(field);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        long number = value.getAsLong();
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    field.wireName() + " must be at most " + Integer.MAX_VALUE + ", was " + number);
        }
        return OptionalInt.of((int) number);
    }

    private static OptionalLong whole(BigDecimal number) {
        if (number.signum() == 0) {
            return OptionalLong.of(0);
        }
        // Looked at first, as 1e999999999 written out would fill the memory.
        long digitsBeforeThePoint = (long) number.precision() - number.scale();
        if (digitsBeforeThePoint < 1 || digitsBeforeThePoint > 19) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(number.longValueExact());
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    private static IllegalArgumentException missing(Field field) {
        return new IllegalArgumentException(field.wireName() + " is missing");
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
            what = "a number that is not whole or out of range";
        }
        return new IllegalArgumentException(field.wireName() + " must be " + wanted + ", was " + what);
    }
}
