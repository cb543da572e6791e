package booking.chaos;

import booking.embedded.Undisturbed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Runs a system through rounds of faults.
 *
 * @param rounds how many, at least 1
 * @param roundsEach how many one system goes through before the next one starts, with the other locking; at least 1
 * @param seed what all is made up from; the same seed asks for the same things, though not at the same instants
 * @param faults those that happen, in turn; at least one
 * @param rate commands a second, at least 1
 * @param directory where the systems keep data and logs; those of a system that kept its promises are removed
 */
public record Chaos(
        int rounds, int roundsEach, long seed, List<Fault> faults, int rate, Layout layout, RunDirectory directory) {
    private static final List<String> LOCKINGS = List.of("optimistic", "pessimistic");

    public Chaos {
        requirePositive("rounds", rounds);
        requirePositive("roundsEach", roundsEach);
        requirePositive("rate", rate);
        faults = List.copyOf(faults);
        if (faults.isEmpty()) {
            throw new IllegalArgumentException("faults must name at least one");
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, was " + value);
        }
    }

    /**
     * Goes through the rounds, and prints a line for each. When its thread is interrupted it ends the system, removes what
     * that has kept, and returns. When an error breaks off a round it ends the system, keeps what is needed to look into
     * it, and returns.
     *
     * @return what came of those that were gone through
     */
    public Summary run(PrintWriter out) {
        Progress progress = new Progress(out);
        Optional<String> brokenOff = Optional.empty();
        out.println("seed " + seed + ", data and logs in " + directory.path());
        out.println(Round.HEADING);
        out.flush();
        boolean isStopped = false;
        for (int session = 0; !isStopped && brokenOff.isEmpty() && progress.isToGoOn(); session++) {
            Path place = directory.newSystem();
            try {
                goThrough(place, LOCKINGS.get(session % LOCKINGS.size()), progress);
                List<String> findings = progress.takeFindings();
                if (findings.isEmpty()) {
                    RunDirectory.remove(place);
                } else {
                    keep(place, String.join("\n", findings), out);
                }
            } catch (InterruptedException e) {
                isStopped = true;
            } catch (RuntimeException | Error e) {
                // Some libraries have an exception of their own for an interruption, and set the flag.
                isStopped = Thread.interrupted();
                if (!isStopped) {
                    brokenOff = Optional.of(progress.at + ": " + e);
                    keep(
                            place,
                            String.join("\n", progress.takeFindings()) + "\n" + progress.at + ":\n" + trace(e),
                            out);
                }
            }
            if (isStopped) {
                Undisturbed.run(() -> RunDirectory.remove(place));
                out.println("stopped in round " + progress.next() + ", which does not count");
            }
        }
        return new Summary(seed, progress.done, progress.leftOut, brokenOff);
    }

    private void keep(Path place, String findings, PrintWriter out) {
        Undisturbed.run(() -> directory.keep(place, "seed " + seed + "\n" + this + "\n\n" + findings + "\n"));
        out.println("       data and logs: " + place);
    }

    private static String trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    private boolean fillsDisks() {
        return faults.contains(Fault.DATABASE_DISK_FULL) || faults.contains(Fault.BROKER_DISK_FULL);
    }

    private void goThrough(Path place, String locking, Progress progress) throws InterruptedException {
        progress.at = "before round " + progress.next();
        SystemUnderTest system = new SystemUnderTest(place, fillsDisks(), layout, locking);
        try {
            Session session = new Session(system, locking, Patience.PROMISED);
            try {
                session.awaitReady();
                for (int i = 0; i < roundsEach && progress.isToGoOn(); i++) {
                    progress.goThrough(session, system);
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
            } finally {
                Undisturbed.run(session::close);
            }
        } finally {
            Undisturbed.run(system::close);
        }
    }

    /** How far a run is. */
    private final class Progress {
        private final PrintWriter out;
        private final Random seeds = new Random(seed);
        private final List<Round> done = new ArrayList<>();
        private final List<String> leftOut = new ArrayList<>();
        private final List<String> findings = new ArrayList<>();
        private String at = "";

        private Progress(PrintWriter out) {
            this.out = out;
        }

        private int next() {
            return done.size() + leftOut.size() + 1;
        }

        private boolean isToGoOn() {
            return next() <= rounds;
        }

        private void goThrough(Session session, SystemUnderTest system) throws InterruptedException {
            int number = next();
            Fault fault = faults.get((number - 1) % faults.size());
            long roundSeed = seeds.nextLong();
            at = "round " + number + ", " + fault.written() + ", seed " + roundSeed;
            Optional<String> missing = fault.missing(system);
            if (missing.isPresent()) {
                leftOut.add("round " + number + ", " + fault.written() + ": " + missing.get());
                return;
            }
            Round round = session.round(number, roundSeed, fault, rate);
            if (Thread.currentThread().isInterrupted()) {
                // It may have been cut short.
                return;
            }
            done.add(round);
            out.println(round.line());
            round.remarks().forEach(remark -> out.println("       " + remark));
            out.flush();
            if (!round.violations().isEmpty()) {
                findings.add(round.line());
                findings.addAll(round.remarks());
            }
        }

        /** What did not hold on the system that it was with. */
        private List<String> takeFindings() {
            List<String> taken = List.copyOf(findings);
            findings.clear();
            return taken;
        }
    }
}
