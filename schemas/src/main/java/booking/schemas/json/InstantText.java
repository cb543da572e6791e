package booking.schemas.json;

import java.time.Instant;

/**
 * Instants as text, in the form of {@link Instant#toString()}. The records of a batch mostly share their time, and
 * writing it anew for each was an eighth of the processor's work; so the last one is remembered.
 */
public final class InstantText {
    private static volatile Remembered last = new Remembered(Instant.EPOCH, Instant.EPOCH.toString());

    private InstantText() {}

    /** The instant in ISO 8601, which is also RFC 3339, in UTC. */
    public static String of(Instant instant) {
        Remembered remembered = last;
        if (!remembered.instant.equals(instant)) {
            remembered = new Remembered(instant, instant.toString());
            last = remembered;
        }
        return remembered.text;
    }

    private record Remembered(Instant instant, String text) {}
}
