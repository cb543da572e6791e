package booking.processor.protocol;

/** What a writer does next; named as in the code that does it. */
enum Step {
    /** Takes no part in the group: not started, crashed, or refused. */
    JOIN,
    FETCH_OFFSET,
    POLL,
    FENCE,
    LOOK_BACK,
    DECIDE,
    SAVE,
    MOVE_PROGRESS,
    DATABASE_COMMIT,
    FORWARD,
    SEND_OFFSET,
    KAFKA_COMMIT
}
