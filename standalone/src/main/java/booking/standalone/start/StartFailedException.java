package booking.standalone.start;

/** The system cannot be started as asked, or a part of it failed; the message tells the reader what to do. */
public final class StartFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartFailedException(String message) {
        super(message);
    }

    StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
