package booking.standalone.audit;

/** The log or the tables are not such that a replay could tell anything; the message says why. */
final class CannotReplayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotReplayException(String message) {
        super(message);
    }
}
