package booking.chaos;

import java.time.Duration;

/**
 * How long is waited for what has to come.
 *
 * @param recovery after a fault, until every partition answers again
 * @param drain after the load, until everything is answered
 */
record Patience(Duration recovery, Duration drain) {
    /** With the recovery that is promised. */
    static final Patience PROMISED = new Patience(Duration.ofSeconds(30), Duration.ofSeconds(60));
}
