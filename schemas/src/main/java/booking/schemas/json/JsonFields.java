package booking.schemas.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object, as the kinds of values that we have. Each method throws an
 * {@link IllegalArgumentException} that names the field when it is missing or of another kind.
 */
public final class JsonFields {
    private final JsonNode object;

    /** @throws IllegalArgumentException when this is no JSON object */
    public JsonFields(JsonNode object) {
        if (!object.isObject()) {
            throw new IllegalArgumentException("not a JSON object");
        }
        this.object = object;
    }

    public boolean has(String field) {
        return object.has(field);
    }

    public String text(String field) {
        return optionalText(field).orElseThrow(() -> unlike(field, "text", null));
    }

    public Optional<String> optionalText(String field) {
        JsonNode value = object.get(field);
        if (value == null) {
            return Optional.empty();
        }
        return Optional.of(value.stringValueOpt().orElseThrow(() -> unlike(field, "text", null)));
    }

    public UUID uuid(String field) {
        return optionalUuid(field).orElseThrow(() -> unlike(field, "a UUID", null));
    }

    public Optional<UUID> optionalUuid(String field) {
        return optionalText(field).map(text -> UuidText.parse(text).orElseThrow(() -> unlike(field, "a UUID", null)));
    }

    public Instant instant(String field) {
        try {
            return Instant.parse(text(field));
        } catch (DateTimeException e) {
            throw unlike(field, "a time in UTC", e);
        }
    }

    public <E extends Enum<E>> E oneOf(Class<E> words, String field) {
        String word = text(field);
        try {
            return Enum.valueOf(words, word);
        } catch (IllegalArgumentException e) {
            throw unlike(field, "a word that this version knows", e);
        }
    }

    public int integer(String field) {
        try {
            return object.path(field).intValue();
        } catch (JacksonException e) {
            throw unlike(field, "a whole number", e);
        }
    }

    public OptionalInt optionalInteger(String field) {
        return has(field) ? OptionalInt.of(integer(field)) : OptionalInt.empty();
    }

    public long longInteger(String field) {
        try {
            return object.path(field).longValue();
        } catch (JacksonException e) {
            throw unlike(field, "a whole number", e);
        }
    }

    public JsonFields object(String field) {
        JsonNode value = object.path(field);
        if (!value.isObject()) {
            throw unlike(field, "an object", null);
        }
        return new JsonFields(value);
    }

    private static IllegalArgumentException unlike(String field, String wanted, @Nullable Exception cause) {
        return new IllegalArgumentException(field + " must be " + wanted, cause);
    }
}
