package booking.standalone.chaos;

import booking.chaos.Chaos;
import booking.chaos.Fault;
import booking.chaos.Layout;
import booking.chaos.RunDirectory;
import booking.chaos.Summary;
import booking.configuration.Settings;
import booking.standalone.LogFile;
import booking.standalone.Stoppable;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs systems of its own under load while their parts are killed, and checks that every promise holds. */
@Command(
        name = "chaos",
        description = {
            "Kills parts of a system of its own under load, and audits it.",
            "After each fault every promise must hold. The exit code is 0 when all did, 1 when one did not, and 2 when that cannot be"
                    + " said: the run broke off by an error, or a fault never took effect.",
            "A round takes some 20 seconds. With all faults the first is none: nothing happens, to compare with.",
            "The recovery that the tables show is the time from the end of the fault (of kill-processor: from the kill) until"
                    + " each partition has answered a command that it was sent after that."
        })
public final class ChaosCommand implements Callable<Integer> {
    private static final int VIOLATED = 1;
    private static final int INCONCLUSIVE = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how many rounds (default: as many as there are faults, so that each has its turn)")
    private Optional<Integer> rounds = Optional.empty();

    @Option(
            names = "--rounds-each",
            paramLabel = "N",
            description = "how many one system goes through before the next starts anew, with the other locking"
                    + " (default: half of the faults, so that both lockings have their turn)")
    private Optional<Integer> roundsEach = Optional.empty();

    @Option(names = "--seed", paramLabel = "S", description = "what all is made up from (default: any number)")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "400",
            description = "commands a second (default: ${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--brokers",
            paramLabel = "1|3",
            defaultValue = "1",
            description = "how many brokers; 3 keep three copies of everything (default: ${DEFAULT-VALUE})")
    private int brokers;

    @Option(names = "--standby", description = "PostgreSQL has a synchronous standby, which takes over")
    private boolean standby;

    @Option(
            names = "--session",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description =
                    "after which a silent processor loses its partitions (default: ${DEFAULT-VALUE}, as with ./booking start)")
    private int sessionSeconds;

    @Option(
            names = "--faults",
            paramLabel = "FAULT",
            split = ",",
            converter = FaultConverter.class,
            description = "those that happen, in turn (default: all, see docs/reliability.md)")
    private List<Fault> faults = List.of(Fault.values());

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "where data and logs are kept when a promise did not hold (default: a temporary directory)")
    private Optional<Path> directory = Optional.empty();

    @Override
    public Integer call() {
        // Its processes are given them.
        Settings.requireKnown(System.getenv());
        int count = rounds.orElse(faults.size());
        int each = roundsEach.orElse((faults.size() + 1) / 2);
        requirePositive("--rounds", count);
        requirePositive("--rounds-each", each);
        requirePositive("--rate", rate);
        requirePositive("--session", sessionSeconds);
        if (brokers != 1 && brokers != 3) {
            throw new ParameterException(spec.commandLine(), "--brokers must be 1 or 3, was " + brokers);
        }
        return Stoppable.run(() -> run(count, each));
    }

    private int run(int count, int each) {
        try (RunDirectory place = directory()) {
            LogFile.in(place.path());
            long chosen = seed.orElseGet(() -> ThreadLocalRandom.current().nextLong(1_000_000));
            PrintWriter out = spec.commandLine().getOut();
            Layout layout = new Layout(brokers, standby, Duration.ofSeconds(sessionSeconds));
            Summary summary = new Chaos(count, each, chosen, faults, rate, layout, place).run(out);
            summary.print(out);
            if (summary.violations() > 0) {
                return VIOLATED;
            }
            return summary.isConclusive() ? 0 : INCONCLUSIVE;
        }
    }

    private RunDirectory directory() {
        try {
            return directory.map(RunDirectory::at).orElseGet(RunDirectory::temporary);
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new ParameterException(spec.commandLine(), "--directory: " + e.getMessage(), e);
        }
    }

    private void requirePositive(String option, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + " must be 1 or more, was " + value);
        }
    }

    /** Reads faults as they are written. */
    static final class FaultConverter implements ITypeConverter<Fault> {
        @Override
        public Fault convert(String written) {
            try {
                return Fault.of(written);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
