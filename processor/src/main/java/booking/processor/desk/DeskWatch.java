package booking.processor.desk;

import java.time.Duration;

/** Is told what becomes of polls. Called by the threads that decide, so it must neither wait nor throw. */
public interface DeskWatch {

    /** A poll is decided and its transaction committed. Told once for each poll, however many attempts it took. */
    default void decided(DecidedPoll poll) {}

    /**
     * An attempt at a poll came to nothing: its transaction was rolled back, or nobody knows what became of it.
     *
     * @param took from the beginning of the attempt
     */
    default void failed(FailedAttempt failure, Duration took) {}

    /** A poll is given back undecided; it will be polled again, here or elsewhere, or the processor stops. */
    default void gaveBack(UndecidedPoll poll) {}
}
