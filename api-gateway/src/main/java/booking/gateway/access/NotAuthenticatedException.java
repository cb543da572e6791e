package booking.gateway.access;

/** A key or token is none, or holds no longer; the message tells its holder why. */
public final class NotAuthenticatedException extends Exception {
    private static final long serialVersionUID = 1;

    NotAuthenticatedException(String message) {
        super(message);
    }
}
