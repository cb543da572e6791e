package booking.processor.stream;

/** A moment between two steps of the commit protocol, in their order. */
public enum CrashPoint {
    BEFORE_FENCE,
    AFTER_FENCE,
    AFTER_LOOK_BACK,
    BEFORE_SAVE,
    AFTER_SAVE,
    BEFORE_DATABASE_COMMIT,
    AFTER_DATABASE_COMMIT,
    BETWEEN_FORWARDS,
    AFTER_FORWARDS,
    BEFORE_KAFKA_COMMIT,
    AFTER_KAFKA_COMMIT
}
