package booking.benchmark.tables;

/** What became of a request. */
public enum Outcome {
    ACCEPTED,
    /** There is no such event or booking. */
    NOT_FOUND,
    /** The rules do not allow it. */
    REFUSED,
    /** Others kept getting in between. */
    GAVE_UP
}
