package booking.chaos;

/**
 * Whether a fault took effect, as seen from outside. One that did not shows nothing about what it was meant to try.
 *
 * @param isHit whether it did
 * @param seen how that was seen, in words
 */
public record Effect(boolean isHit, String seen) {
    static Effect hit(String seen) {
        return new Effect(true, seen);
    }

    static Effect of(boolean isHit, String seen) {
        return new Effect(isHit, seen);
    }

    static Effect missed(String why) {
        return new Effect(false, why);
    }
}
