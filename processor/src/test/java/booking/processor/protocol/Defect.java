package booking.processor.protocol;

/** A protocol that lacks something. The model has to find out what that leads to. */
enum Defect {
    NONE,
    /** Nobody asks how far the partition has been decided. */
    NO_FENCE,
    /** The progress is read, but not locked. */
    FENCE_DOES_NOT_LOCK,
    FENCE_AFTER_LOOK_BACK,
    NO_LOOK_BACK,
    /** The progress is durable before the outcomes are. */
    PROGRESS_MOVED_IN_ANOTHER_TRANSACTION,
    FORWARDED_BEFORE_DATABASE_COMMIT,
    FORWARDED_OUTSIDE_THE_KAFKA_TRANSACTION,
    /** The group's offset is committed by itself, after the results. */
    OFFSET_OUTSIDE_THE_KAFKA_TRANSACTION,
    /** The brokers take offsets from a member of an earlier generation. */
    BROKERS_DO_NOT_FENCE,
    /** Who takes a partition over does not wait for offsets that are about to be committed. */
    OFFSET_FETCHED_WHILE_UNSTABLE
}
