package booking.gateway.access;

/** Whether a token is good cannot be found out now, as its issuer's keys cannot be fetched. */
public final class CannotCheckException extends Exception {
    private static final long serialVersionUID = 1;

    CannotCheckException(String message, Throwable cause) {
        super(message, cause);
    }
}
