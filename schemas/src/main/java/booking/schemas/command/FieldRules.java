package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The ranges of single fields, the same for every command that has the field. */
final class FieldRules {
    private static final int EVENT_ID_MAX_LENGTH = 128;
    private static final int MOST_HOLD_SECONDS = 86_400;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private FieldRules() {}

    static boolean isEventId(String eventId) {
        int length = eventId.length();
        if (length == 0 || length > EVENT_ID_MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = eventId.charAt(i);
            boolean allowed = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == ':'
                    || c == '-';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    static void requireEventId(String eventId) {
        requireNonNull(eventId, "eventId is null");
        if (!isEventId(eventId)) {
            throw new IllegalArgumentException("eventId must be 1 to 128 of A-Z a-z 0-9 . _ : -");
        }
    }

    /** Text in any script; PostgreSQL cannot keep NUL, and a lone surrogate is no character. */
    static void requireText(String field, String text, int maxCharacters) {
        requireNonNull(text, field);
        int characters = text.codePointCount(0, text.length());
        if (characters < 1 || characters > maxCharacters) {
            throw new IllegalArgumentException(
                    field + " must have 1 to " + maxCharacters + " characters, has " + characters);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new IllegalArgumentException(field + " must not contain the character U+0000");
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new IllegalArgumentException(field + " must not contain a lone surrogate");
                }
                i++;
            }
        }
    }

    static void requireAtLeastOne(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " must be at least 1, was " + value);
        }
    }

    static void requireAtLeastOne(String field, OptionalInt value) {
        requireNonNull(value, field);
        if (value.isPresent()) {
            requireAtLeastOne(field, value.getAsInt());
        }
    }

    static void requireHoldSeconds(int holdSeconds) {
        if (holdSeconds < 1 || holdSeconds > MOST_HOLD_SECONDS) {
            throw new IllegalArgumentException(
                    "holdSeconds must be from 1 to " + MOST_HOLD_SECONDS + ", was " + holdSeconds);
        }
    }

    /** The instant as it is kept. */
    static Instant instant(String field, Instant value) {
        requireNonNull(value, field);
        // PostgreSQL keeps microseconds; cutting here makes what is decided and what is stored the same.
        Instant kept = value.truncatedTo(ChronoUnit.MICROS);
        if (kept.isBefore(EARLIEST) || kept.isAfter(LATEST)) {
            throw new IllegalArgumentException(field + " must be in the years 0001 to 9999 (UTC), was " + kept);
        }
        return kept;
    }

    static Optional<Instant> instant(String field, Optional<Instant> value) {
        requireNonNull(value, field);
        return value.map(given -> instant(field, given));
    }

    static void requireOpenBeforeClose(Optional<Instant> salesOpenAt, Optional<Instant> salesCloseAt) {
        if (salesOpenAt.isPresent()
                && salesCloseAt.isPresent()
                && !salesCloseAt.get().isAfter(salesOpenAt.get())) {
            throw new IllegalArgumentException("salesCloseAt must be after salesOpenAt, was " + salesCloseAt.get()
                    + ", and salesOpenAt " + salesOpenAt.get());
        }
    }

    static void requireVersion(OptionalLong expectedVersion) {
        requireNonNull(expectedVersion, "expectedVersion is null");
        if (expectedVersion.isPresent() && expectedVersion.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "expectedVersion must be at least 1, was " + expectedVersion.getAsLong());
        }
    }
}
