package booking.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One round: load, a fault, its end, everything answered, everything checked.
 *
 * @param number from 1 on
 * @param seed from which the load and the fault's details were made up
 * @param effect whether the fault took effect
 * @param acknowledged commands that clients were told are in the log, by Kafka or over HTTP (202)
 * @param failed commands that Kafka's clients gave up, which may be in the log or not
 * @param answered decisions that HTTP answered with
 * @param recovery from the end of the fault until, on each partition, a command sent after it was answered; empty when it was
 *     not
 * @param violations what was promised and did not hold, in words
 */
public record Round(
        int number,
        long seed,
        Fault fault,
        Effect effect,
        String locking,
        long acknowledged,
        long failed,
        long answered,
        Optional<Duration> recovery,
        List<String> violations) {

    static final String HEADING = String.format(
            "%5s  %-29s %-6s %-11s %9s %7s %7s %10s  %-9s %s",
            "round", "fault", "effect", "locking", "commands", "failed", "http", "recovery", "promises", "seed");

    public Round {
        violations = List.copyOf(violations);
    }

    /** The same round, in which these promises did not hold either. */
    Round with(List<String> moreViolations) {
        return new Round(
                number,
                seed,
                fault,
                effect,
                locking,
                acknowledged,
                failed,
                answered,
                recovery,
                Stream.concat(violations.stream(), moreViolations.stream()).toList());
    }

    /** As a line below {@link #HEADING}. */
    String line() {
        return String.format(
                "%5d  %-29s %-6s %-11s %,9d %,7d %,7d %10s  %-9s %d",
                number,
                fault.written(),
                effect.isHit() ? "hit" : "MISSED",
                locking,
                acknowledged,
                failed,
                answered,
                recovery.map(time -> String.format("%.1f s", time.toMillis() / 1_000.0))
                        .orElse("never"),
                violations.isEmpty() ? "hold" : "VIOLATED",
                seed);
    }

    /** What is to be said beside the line. */
    List<String> remarks() {
        return effect.isHit()
                ? violations
                : Stream.concat(Stream.of("missed: " + effect.seen()), violations.stream())
                        .toList();
    }
}
