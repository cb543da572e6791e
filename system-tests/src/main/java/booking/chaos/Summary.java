package booking.chaos;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of the rounds.
 *
 * @param seed what all was made up from
 * @param leftOut rounds whose fault this machine cannot do, in words
 * @param brokenOff where and why the run broke off by an error, in words
 */
public record Summary(long seed, List<Round> rounds, List<String> leftOut, Optional<String> brokenOff) {
    public Summary {
        rounds = List.copyOf(rounds);
        leftOut = List.copyOf(leftOut);
    }

    /** How many things that were promised did not hold. */
    public int violations() {
        return violations(rounds);
    }

    /** Those faults that were tried and never took effect, about which the run says nothing. */
    public Set<Fault> neverHit() {
        return byFault().entrySet().stream()
                .filter(of -> missed(of.getValue()) == of.getValue().size())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Whether it says something: it went to its end, and each fault that was tried took effect at least once. */
    public boolean isConclusive() {
        return brokenOff.isEmpty() && !rounds.isEmpty() && neverHit().isEmpty();
    }

    /** Prints it as a table in Markdown. */
    public void print(PrintWriter out) {
        out.printf(
                "%n%d rounds, %,d commands acknowledged, %,d given up by clients, %,d answers over HTTP, %d violations, seed %d%n%n",
                rounds.size(),
                acknowledged(rounds),
                failed(rounds),
                rounds.stream().mapToLong(Round::answered).sum(),
                violations(),
                seed);
        leftOut.forEach(round -> out.println("left out: " + round));
        byFault().forEach((fault, of) -> {
            if (missed(of) > 0) {
                out.printf(
                        "%s: %s (%d of %d rounds)%n",
                        missed(of) == of.size() ? "NEVER TOOK EFFECT" : "missed",
                        fault.written(),
                        missed(of),
                        of.size());
            }
        });
        brokenOff.ifPresent(error -> out.println("BROKEN OFF: " + error));
        if (rounds.isEmpty()) {
            out.println("No round was finished, so nothing is known.");
        } else {
            out.println("| fault | rounds | missed | commands | given up | violations | not recovered "
                    + "| recovery p50, s | p99, s | max, s |");
            out.println("|---|---|---|---|---|---|---|---|---|---|");
            byFault().forEach((fault, of) -> row(out, fault.written(), of));
            row(out, "all", rounds);
        }
        out.flush();
    }

    private Map<Fault, List<Round>> byFault() {
        return rounds.stream().collect(Collectors.groupingBy(Round::fault, TreeMap::new, Collectors.toList()));
    }

    private static void row(PrintWriter out, String name, List<Round> rounds) {
        List<Duration> recoveries = rounds.stream()
                .flatMap(round -> round.recovery().stream())
                .sorted()
                .toList();
        out.printf(
                "| %s | %d | %d | %,d | %,d | %d | %d | %s | %s | %s |%n",
                name,
                rounds.size(),
                missed(rounds),
                acknowledged(rounds),
                failed(rounds),
                violations(rounds),
                rounds.size() - recoveries.size(),
                percentile(recoveries, 50),
                percentile(recoveries, 99),
                percentile(recoveries, 100));
    }

    private static int violations(List<Round> rounds) {
        return rounds.stream().mapToInt(round -> round.violations().size()).sum();
    }

    private static long missed(List<Round> rounds) {
        return rounds.stream().filter(round -> !round.effect().isHit()).count();
    }

    private static long acknowledged(List<Round> rounds) {
        return rounds.stream().mapToLong(Round::acknowledged).sum();
    }

    private static long failed(List<Round> rounds) {
        return rounds.stream().mapToLong(Round::failed).sum();
    }

    /** The smallest that so many percent are not above, in seconds. */
    private static String percentile(List<Duration> sorted, int percent) {
        if (sorted.isEmpty()) {
            return "-";
        }
        Duration time = sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
        return String.format("%.1f", time.toMillis() / 1_000.0);
    }
}
