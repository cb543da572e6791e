package booking.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.io.file.PathUtils;

/**
 * Runs a system through rounds of faults.
 *
 * @param rounds how many
 * @param roundsEach how many one system goes through before the next one starts, with the other locking
 * @param seed what all is made up from; the same seed asks for the same things, though not at the same instants
 * @param faults those that happen, in turn
 * @param rate commands a second
 * @param directory where the systems keep data and logs; those of a system that kept its promises are removed
 */
public record Chaos(
        int rounds, int roundsEach, long seed, List<Fault> faults, int rate, Layout layout, Path directory) {
    private static final List<String> LOCKINGS = List.of("optimistic", "pessimistic");

    /**
     * Goes through the rounds, and prints a line for each. When its thread is interrupted it ends the system, removes what
     * that has kept, and returns.
     *
     * @return what came of those that were gone through
     */
    public Summary run(PrintWriter out) {
        List<Round> done = new ArrayList<>();
        Set<String> leftOut = new TreeSet<>();
        Random seeds = new Random(seed);
        out.println(Round.HEADING);
        boolean isStopped = false;
        for (int session = 0; !isStopped && done.size() + leftOut.size() < rounds; session++) {
            Path place = newDirectory(directory.resolve("system-" + (session + 1)));
            try {
                boolean kept;
                Session system = new Session(
                        place, fillsDisks(), layout, LOCKINGS.get(session % LOCKINGS.size()), Session.DRAIN);
                try (system) {
                    system.awaitReady();
                    kept = goThrough(system, done, leftOut, seeds, out);
                }
                if (kept) {
                    system.system().unmountDisks();
                    remove(place);
                } else {
                    system.system().keepDisks();
                    out.println("       data and logs: " + place);
                }
            } catch (InterruptedException e) {
                isStopped = true;
            } catch (RuntimeException e) {
                // Some libraries have an exception of their own for an interruption, and set the flag.
                if (!Thread.interrupted()) {
                    throw e;
                }
                isStopped = true;
            }
            if (isStopped) {
                SmallDisk.unmountAllBelow(place);
                remove(place);
                out.println("stopped in round " + (done.size() + leftOut.size() + 1) + ", which does not count");
            }
        }
        return new Summary(seed, List.copyOf(done), Set.copyOf(leftOut));
    }

    private boolean fillsDisks() {
        return faults.contains(Fault.DATABASE_DISK_FULL) || faults.contains(Fault.BROKER_DISK_FULL);
    }

    /** Whether the system kept its promises. */
    private boolean goThrough(Session system, List<Round> done, Set<String> leftOut, Random seeds, PrintWriter out)
            throws InterruptedException {
        boolean kept = true;
        for (int i = 0; i < roundsEach && done.size() + leftOut.size() < rounds; i++) {
            int number = done.size() + leftOut.size() + 1;
            Fault fault = faults.get((number - 1) % faults.size());
            long roundSeed = seeds.nextLong();
            Optional<String> missing = fault.missing(system.system());
            if (missing.isPresent()) {
                leftOut.add("round " + number + ", " + fault.written() + ": " + missing.get());
                continue;
            }
            Round round = system.round(number, roundSeed, fault, rate);
            done.add(round);
            out.println(round.line());
            round.violations().forEach(violation -> out.println("       " + violation));
            out.flush();
            kept &= round.violations().isEmpty();
        }
        return kept;
    }

    private static Path newDirectory(Path place) {
        try {
            return Files.createDirectories(place);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + place, e);
        }
    }

    private static void remove(Path place) {
        try {
            PathUtils.deleteDirectory(place);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + place, e);
        }
    }
}
