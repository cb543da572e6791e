package booking.chaos;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of the rounds.
 *
 * @param seed what all was made up from
 * @param leftOut rounds whose fault this machine cannot do, in words
 */
public record Summary(long seed, List<Round> rounds, Set<String> leftOut) {
    /** How many things that were promised did not hold. */
    public int violations() {
        return rounds.stream().mapToInt(round -> round.violations().size()).sum();
    }

    /** Prints it as a table in Markdown. */
    public void print(PrintWriter out) {
        out.printf(
                "%n%d rounds, %,d commands acknowledged, %,d answers over HTTP, %d violations, seed %d%n%n",
                rounds.size(),
                rounds.stream().mapToLong(Round::acknowledged).sum(),
                rounds.stream().mapToLong(Round::answered).sum(),
                violations(),
                seed);
        leftOut.forEach(round -> out.println("left out: " + round));
        out.println("| fault | rounds | commands | violations | recovery p50, s | p99, s | max, s |");
        out.println("|---|---|---|---|---|---|---|");
        Map<Fault, List<Round>> byFault =
                rounds.stream().collect(Collectors.groupingBy(Round::fault, TreeMap::new, Collectors.toList()));
        byFault.forEach((fault, of) -> row(out, fault.written(), of));
        row(out, "all", rounds);
        out.flush();
    }

    private static void row(PrintWriter out, String name, List<Round> rounds) {
        List<Duration> recoveries =
                rounds.stream().map(Round::recovery).sorted().toList();
        out.printf(
                "| %s | %d | %,d | %d | %.1f | %.1f | %.1f |%n",
                name,
                rounds.size(),
                rounds.stream().mapToLong(Round::acknowledged).sum(),
                rounds.stream().mapToInt(round -> round.violations().size()).sum(),
                seconds(percentile(recoveries, 50)),
                seconds(percentile(recoveries, 99)),
                seconds(percentile(recoveries, 100)));
    }

    /** The smallest that so many percent are not above. */
    private static Duration percentile(List<Duration> sorted, int percent) {
        return sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1_000.0;
    }
}
