package booking.chaos;

import java.time.Duration;
import java.util.List;

/**
 * One round: load, a fault, its end, everything answered, everything checked.
 *
 * @param number from 1 on
 * @param seed from which the load and the fault's details were made up
 * @param acknowledged commands that Kafka acknowledged to clients in this round
 * @param answered decisions that HTTP answered with
 * @param recovery from the end of the fault until, on each partition, a command sent after it was answered
 * @param violations what was promised and did not hold, in words
 */
public record Round(
        int number,
        long seed,
        Fault fault,
        String locking,
        long acknowledged,
        long answered,
        Duration recovery,
        List<String> violations) {

    static final String HEADING = String.format(
            "%5s  %-29s %-11s %9s %7s %10s  %-9s %s",
            "round", "fault", "locking", "commands", "http", "recovery", "promises", "seed");

    /** As a line below {@link #HEADING}. */
    String line() {
        return String.format(
                "%5d  %-29s %-11s %,9d %,7d %8.1f s  %-9s %d",
                number,
                fault.written(),
                locking,
                acknowledged,
                answered,
                recovery.toMillis() / 1_000.0,
                violations.isEmpty() ? "hold" : "VIOLATED",
                seed);
    }
}
