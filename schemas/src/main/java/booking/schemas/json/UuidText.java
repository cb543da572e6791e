package booking.schemas.json;

import java.util.Optional;
import java.util.UUID;

/** UUIDs as text, in the canonical form only; {@link UUID#fromString} takes forms that other readers refuse. */
public final class UuidText {
    private static final int LENGTH = 36;

    private UuidText() {}

    /** The UUID that this text is the canonical form of, in either case of letters. */
    public static Optional<UUID> parse(String text) {
        return isCanonical(text) ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    private static boolean isCanonical(String text) {
        if (text.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            boolean hexDigit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (dash ? c != '-' : !hexDigit) {
                return false;
            }
        }
        return true;
    }
}
