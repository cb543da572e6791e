package booking.schemas.command;

import booking.schemas.command.Decoded.Cause;

/** Says that a value has no fields to be read, and why. */
final class UnreadableValue extends Exception {
    private final Cause cause;
    private final String detail;

    UnreadableValue(Cause cause, String detail) {
        // No stack trace: this is about the bytes, and whoever sends many such records shall not cost us much.
        super(detail, null, false, false);
        this.cause = cause;
        this.detail = detail;
    }

    Decoded.DeadLetter asDeadLetter() {
        return new Decoded.DeadLetter(cause, detail);
    }
}
