package booking.benchmark.tables;

import java.util.Locale;

/** How seats are taken without taking more than there are. */
public enum Locking {
    /** Read, check, write on condition that the version is as it was read, and try again a few times when it is not. */
    OPTIMISTIC,
    /** Lock the event's row, read, check, write. */
    PESSIMISTIC,
    /** Write on condition that there are seats. */
    CONDITIONAL;

    /** As it is written on a command line. */
    public static Locking of(String written) {
        return valueOf(written.toUpperCase(Locale.ROOT));
    }
}
