package booking.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.io.file.PathUtils;

/**
 * Runs a system through rounds of faults.
 *
 * @param rounds how many
 * @param roundsEach how many one system goes through before the next one starts, with the other locking
 * @param seed what all is made up from; the same seed asks for the same things, though not at the same instants
 * @param faults those that happen, in turn
 * @param rate commands a second
 * @param brokers 1, or 3 that keep three copies
 * @param directory where the systems keep data and logs; those of a system that kept its promises are removed
 */
public record Chaos(int rounds, int roundsEach, long seed, List<Fault> faults, int rate, int brokers, Path directory) {
    private static final List<String> LOCKINGS = List.of("optimistic", "pessimistic");

    /**
     * Goes through the rounds, and prints a line for each.
     *
     * @return what came of them
     */
    public Summary run(PrintWriter out) throws InterruptedException {
        List<Round> done = new ArrayList<>();
        Random seeds = new Random(seed);
        out.println(Round.HEADING);
        for (int session = 0; done.size() < rounds; session++) {
            Path place = directory.resolve("system-" + (session + 1));
            int before = done.size();
            try (Session system = new Session(
                    newDirectory(place),
                    brokers,
                    LOCKINGS.get(session % LOCKINGS.size()),
                    under -> List.of(),
                    Session.DRAIN)) {
                system.awaitReady();
                for (int i = 0; i < roundsEach && done.size() < rounds; i++) {
                    int number = done.size() + 1;
                    Round round =
                            system.round(number, seeds.nextLong(), faults.get((number - 1) % faults.size()), rate);
                    done.add(round);
                    out.println(round.line());
                    round.violations().forEach(violation -> out.println("       " + violation));
                    out.flush();
                }
            }
            if (done.subList(before, done.size()).stream()
                    .allMatch(round -> round.violations().isEmpty())) {
                remove(place);
            } else {
                out.println("       data and logs: " + place);
            }
        }
        return new Summary(seed, List.copyOf(done));
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
