package booking.standalone.start;

import java.nio.file.Path;

/** The system could not be started, or a part of it failed later; the log has more than the message. */
public final class StartFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartFailedException(Throwable cause, Path log) {
        super(cause.getMessage() + " (more in " + log + ")", cause);
    }
}
