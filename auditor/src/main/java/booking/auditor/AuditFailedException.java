package booking.auditor;

/** The audit could not be done; the message says why. */
public final class AuditFailedException extends RuntimeException {
    AuditFailedException(String message) {
        super(message);
    }

    AuditFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
