package booking.embedded;

/** A server cannot be started or used here; the message tells the reader why and what to do. */
public class EmbeddedServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public EmbeddedServerException(String message) {
        super(message);
    }

    public EmbeddedServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
