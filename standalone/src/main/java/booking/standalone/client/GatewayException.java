package booking.standalone.client;

/** The gateway could not be asked, or its answer cannot be understood; the message tells the reader what to do. */
public final class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1;

    GatewayException(String message) {
        super(message);
    }

    GatewayException(String message, Throwable cause) {
        super(message, cause);
    }
}
