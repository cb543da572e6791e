package booking.gateway.send;

/** A command has certainly not reached Kafka. After any other failure it may have, or may still do so. */
public final class NotPublishedException extends RuntimeException {
    NotPublishedException(String message) {
        super(message);
    }

    NotPublishedException(String message, Throwable cause) {
        super(message, cause);
    }
}
