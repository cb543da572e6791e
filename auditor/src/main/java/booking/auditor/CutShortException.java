package booking.auditor;

/** A topic could not be read as far as it was written. */
final class CutShortException extends RuntimeException {
    private final String reason;

    CutShortException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Which, and how far it could be read. */
    String reason() {
        return reason;
    }
}
