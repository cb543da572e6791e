package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

/** The ranges of single fields, the same for every command that has the field. */
final class FieldRules {
    private static final int EVENT_ID_MAX_LENGTH = 128;

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

    static void requireVersion(OptionalLong expectedVersion) {
        requireNonNull(expectedVersion, "expectedVersion is null");
        if (expectedVersion.isPresent() && expectedVersion.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "expectedVersion must be at least 1, was " + expectedVersion.getAsLong());
        }
    }
}
