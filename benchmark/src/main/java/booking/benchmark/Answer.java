package booking.benchmark;

/** What became of a request. */
enum Answer {
    ACCEPTED,
    REJECTED,
    /** Refused not by the rules, but because others kept getting in between. It is no decision. */
    GAVE_UP,
    /** Anything that should not have happened. */
    FAILED
}
