package booking.processor.desk;

/** Another instance holds the progress of our partitions: one that has lost them, and has not noticed yet. */
final class FenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FenceException(RuntimeException cause) {
        super("another instance is at work on these partitions", cause);
    }
}
