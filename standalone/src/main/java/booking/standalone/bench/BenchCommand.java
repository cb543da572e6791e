package booking.standalone.bench;

import booking.benchmark.Benchmark;
import booking.benchmark.BenchmarkPlan;
import booking.benchmark.BenchmarkReport;
import booking.benchmark.Contender;
import booking.benchmark.Workload;
import booking.configuration.Settings;
import booking.standalone.LogFile;
import booking.standalone.Stoppable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Measures the engine beside what people would use instead. */
@Command(
        name = "bench",
        description = {
            "Measures the engine beside what people would use instead.",
            "On servers of its own; what each system did is checked, and the exit code is 1 when one did wrong.",
            "Ctrl-C ends it, and shows what was found until then.",
            "All of it takes about half an hour, --quick about two minutes. See docs/benchmarks.md."
        })
public final class BenchCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int WARM_UPS = 90;
    private static final int QUICK_WARM_UPS = 5;
    private static final int FEWEST_AT_A_RATE = 1_000;
    private static final Set<Contender> GROWN = EnumSet.of(Contender.OURS_KAFKA, Contender.CONDITIONAL);

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "a short form, to see that all works: its figures are rough")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "write all figures to this file, as JSON")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--chart",
            paramLabel = "FILE",
            description = "write the picture to this file, as SVG (default: booking-bench.svg)")
    private Path chart = Path.of("booking-bench.svg");

    @Option(
            names = "--systems",
            paramLabel = "SYSTEM",
            split = ",",
            converter = ContenderConverter.class,
            description = "ours-kafka, ours-http, optimistic, pessimistic, conditional, record-at-a-time, limit"
                    + " (default: all)")
    private List<Contender> systems = List.of(Contender.values());

    @Option(
            names = "--workloads",
            paramLabel = "WORKLOAD",
            split = ",",
            converter = WorkloadConverter.class,
            description = "one-place, stadium, calendar, sale-day (default: all; with --quick the first two)")
    private List<Workload> workloads = List.of();

    @Option(
            names = "--clients",
            paramLabel = "N",
            split = ",",
            description = "how many ask at once (default: 1,16,64,256; with --quick 64)")
    private List<Integer> clients = List.of();

    @Option(
            names = "--rates",
            paramLabel = "N",
            split = ",",
            description =
                    "fixed rates for latency, requests a second (default: 100,1000 and half and four fifths of what"
                            + " each system can do; with --quick none)")
    private List<Integer> rates = List.of();

    @Option(
            names = "--rows",
            paramLabel = "N",
            split = ",",
            description =
                    "bookings that the tables have before (default: 0,1000000,10000000; with --quick 0). With rows"
                            + " the stadium and the calendar are measured, of ours-kafka and conditional unless --systems says"
                            + " otherwise")
    private List<Long> rows = List.of();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "how often each is measured (default: 3; with --quick 1)")
    private Optional<Integer> repetitions = Optional.empty();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "how long one measurement lasts, at a fixed rate at least until " + FEWEST_AT_A_RATE
                    + " requests are sent (default: 1.5; with --quick 1, and then no longer at fixed rates)")
    private Optional<Double> seconds = Optional.empty();

    @Option(
            names = "--profile",
            description = "record each system with Java Flight Recorder, into the directory of the logs")
    private boolean profile;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description =
                    "where data and logs are kept, a new directory or an empty one (default: a temporary one, which is gone"
                            + " afterwards unless a system did wrong)")
    private Optional<Path> directory = Optional.empty();

    private Optional<BenchmarkReport> soFar = Optional.empty();

    @Override
    public Integer call() {
        // Its processes are given them.
        Settings.requireKnown(System.getenv());
        BenchmarkPlan plan = plan();
        json.ifPresent(file -> requireWritable("--json", file));
        requireWritable("--chart", chart);
        if (json.isPresent() && json.get().toAbsolutePath().equals(chart.toAbsolutePath())) {
            throw new ParameterException(
                    spec.commandLine(), "--json and --chart must be two files, were both " + chart);
        }
        return Stoppable.run(() -> run(plan));
    }

    private int run(BenchmarkPlan plan) {
        try (BenchDirectory place = directory()) {
            LogFile.in(place.path());
            try {
                return measure(plan, place);
            } catch (RuntimeException | Error e) {
                soFar.ifPresent(this::print);
                if (Thread.interrupted()) {
                    tell("Stopped");
                    return FAILED;
                }
                keep(place);
                throw e;
            }
        }
    }

    private int measure(BenchmarkPlan plan, BenchDirectory place) {
        BenchmarkReport report = new Benchmark(plan, place.path(), this::tell).run(found -> {
            soFar = Optional.of(found);
            // Told where it cannot be written; there may be room later.
            var unused = write(found);
        });
        print(report);
        boolean isWritten = write(report);
        if (isWritten) {
            tell("The picture is in " + chart);
        }
        boolean isRight = report.wrong().isEmpty();
        if (profile || !isRight) {
            keep(place);
        }
        return isRight && isWritten ? 0 : FAILED;
    }

    private void keep(BenchDirectory place) {
        place.keep();
        tell("Data and logs" + (profile ? ", and the recordings," : "") + " are in " + place.path());
    }

    private void print(BenchmarkReport report) {
        spec.commandLine().getOut().print(report.markdown());
        spec.commandLine().getOut().flush();
    }

    private void tell(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }

    /** Writes both files; false when one cannot be written. */
    private boolean write(BenchmarkReport report) {
        boolean figures = json.map(file -> write(file, report.json())).orElse(true);
        return write(chart, report.chart()) && figures;
    }

    private boolean write(Path file, byte[] content) {
        try {
            Files.write(file, content);
            return true;
        } catch (IOException e) {
            tell(file + " cannot be written: " + e.getMessage());
            return false;
        }
    }

    private BenchDirectory directory() {
        try {
            return directory.map(BenchDirectory::at).orElseGet(BenchDirectory::temporary);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--directory: " + e.getMessage(), e);
        }
    }

    private BenchmarkPlan plan() {
        boolean chosen = spec.commandLine().getParseResult().hasMatchedOption("--systems");
        try {
            return new BenchmarkPlan(
                    systems,
                    orDefault(
                            workloads,
                            quick ? List.of(Workload.ONE_PLACE, Workload.STADIUM) : List.of(Workload.values())),
                    orDefault(clients, quick ? List.of(64) : List.of(1, 16, 64, 256)),
                    orDefault(rates, quick ? List.of() : List.of(100, 1_000)),
                    quick || !rates.isEmpty() ? List.of() : List.of(0.5, 0.8),
                    orDefault(rows, quick ? List.of(0L) : List.of(0L, 1_000_000L, 10_000_000L)),
                    chosen ? Set.copyOf(systems) : GROWN,
                    repetitions.orElse(quick ? 1 : 3),
                    duration(seconds.orElse(quick ? 1.0 : 1.5)),
                    quick ? 1 : FEWEST_AT_A_RATE,
                    Duration.ofSeconds(1),
                    quick ? QUICK_WARM_UPS : WARM_UPS,
                    !quick,
                    profile);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static <T> List<T> orDefault(List<T> asked, List<T> otherwise) {
        return asked.isEmpty() ? otherwise : asked;
    }

    private static Duration duration(double inSeconds) {
        return Duration.ofMillis(Math.round(inSeconds * 1_000));
    }

    /** Found out now rather than after half an hour. */
    private void requireWritable(String option, Path file) {
        Path absolute = file.toAbsolutePath();
        Path parent = Objects.requireNonNullElse(absolute.getParent(), absolute);
        if (Files.isDirectory(file)) {
            throw new ParameterException(
                    spec.commandLine(), option + ": " + file + " is a directory; name a file in it");
        }
        if (!Files.isDirectory(parent)) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + ": " + file + " cannot be written, as there is no directory " + parent);
        }
        if (!Files.isWritable(Files.exists(file) ? file : parent)) {
            throw new ParameterException(spec.commandLine(), option + ": " + file + " cannot be written");
        }
    }

    /** Reads systems as they are written. */
    static final class ContenderConverter implements ITypeConverter<Contender> {
        @Override
        public Contender convert(String written) {
            try {
                return Contender.of(written);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Reads workloads as they are written. */
    static final class WorkloadConverter implements ITypeConverter<Workload> {
        @Override
        public Workload convert(String written) {
            try {
                return Workload.of(written);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
