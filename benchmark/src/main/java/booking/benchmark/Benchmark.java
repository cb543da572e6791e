package booking.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures systems one after the other on the same servers. Their order turns round with each repetition, so that none
 * always has the better moment. Whether a system did right is checked after each run.
 */
public final class Benchmark {
    private static final int TYPICAL_CLIENTS = 64;
    private static final int USUAL_POOL_SIZE = 8;
    private static final List<Integer> POOL_SIZES = List.of(4, 8, 16, 32);
    private static final double MOST_OF_A_RATE = 0.8;

    /** A system that has become so much faster is not warm yet. */
    private static final double WARMER = 1.1;

    private static final int MOST_WARM_UPS = 5;

    /** What fixed rates are asked of, and what is measured on tables that have rows. */
    private static final Workload TYPICAL_WORKLOAD = Workload.STADIUM;

    private final BenchmarkPlan plan;
    private final Path directory;
    private final Consumer<String> progress;
    private final Instant started = Instant.now();
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<String> pools = new ArrayList<>();
    private final Map<Contender, Map<Workload, Integer>> poolSizes = new EnumMap<>(Contender.class);
    private int starts;
    private int runs;

    /**
     * A benchmark.
     *
     * @param directory where data and logs are kept
     * @param progress is told what happens, line by line
     */
    public Benchmark(BenchmarkPlan plan, Path directory, Consumer<String> progress) {
        this.plan = plan;
        this.directory = directory;
        this.progress = progress;
    }

    /**
     * Measures everything that is planned.
     *
     * @param soFar is given what there is each time a system has been measured, so that a run that is cut short was not for
     *     nothing
     * @throws BenchmarkException when something cannot be measured at all
     */
    public BenchmarkReport run(Consumer<BenchmarkReport> soFar) {
        tell("starting Kafka and PostgreSQL");
        try (Servers servers = Servers.start(directory)) {
            if (plan.poolTrial()) {
                plan.contenders().stream()
                        .filter(Contender::isWebApplication)
                        .forEach(contender -> tryPools(servers, contender));
            }
            for (int repetition = 0; repetition < plan.repetitions(); repetition++) {
                for (long rows : turned(plan.rowsBefore(), repetition)) {
                    for (Contender contender : turned(plan.contenders(), repetition)) {
                        if (rows == 0 || plan.grown().contains(contender)) {
                            measureThroughput(servers, contender, rows, repetition);
                            soFar.accept(report());
                        }
                    }
                }
            }
            if (!plan.rates().isEmpty() || !plan.sharesOfMost().isEmpty()) {
                Map<Contender, Double> most = mostOfEach();
                for (int repetition = 0; repetition < plan.repetitions(); repetition++) {
                    for (Contender contender : turned(plan.contenders(), repetition)) {
                        measureLatency(servers, contender, repetition, most.getOrDefault(contender, 0.0));
                        soFar.accept(report());
                    }
                }
            }
        }
        return report();
    }

    private BenchmarkReport report() {
        return new BenchmarkReport(Machine.description(), started, measurements, wrong, pools);
    }

    private static <T> List<T> turned(List<T> list, int repetition) {
        List<T> turned = new ArrayList<>(list);
        if (repetition % 2 == 1) {
            Collections.reverse(turned);
        }
        return turned;
    }

    private void tryPools(Servers servers, Contender contender) {
        Database database = servers.database(contender.tables(), 0);
        try (RunningContender running = start(servers, contender, database)) {
            warmUp(running, contender, database, 0);
            Map<Workload, Integer> best = new EnumMap<>(Workload.class);
            for (Workload workload : plan.workloads()) {
                StringBuilder found = new StringBuilder();
                double most = 0;
                for (int size : POOL_SIZES) {
                    running.resizePool(size);
                    double throughput = ask(
                                    running, database, workload, new Pace.Closed(TYPICAL_CLIENTS), 0, plan.time(), 0)
                            .throughput();
                    found.append(
                            String.format(Locale.ROOT, "%s%d: %,.0f/s", found.isEmpty() ? "" : ", ", size, throughput));
                    if (throughput > most) {
                        most = throughput;
                        best.put(workload, size);
                    }
                }
                String trial =
                        contender.id() + ", " + workload.title() + ": " + best.get(workload) + " (" + found + ")";
                tell("pool of " + trial);
                pools.add(trial);
            }
            poolSizes.put(contender, best);
        }
    }

    private void measureThroughput(Servers servers, Contender contender, long rows, int repetition) {
        if (rows > 0) {
            tell("tables with " + rows + " bookings");
        }
        Database database = servers.database(contender.tables(), rows);
        try (RunningContender running = start(servers, contender, database)) {
            warmUp(running, contender, database, rows);
            for (Workload workload : plan.workloads()) {
                if (rows > 0 && workload != TYPICAL_WORKLOAD && workload != Workload.CALENDAR) {
                    continue;
                }
                for (int clients : rows > 0 ? List.of(TYPICAL_CLIENTS) : plan.clients()) {
                    measure(running, contender, database, workload, new Pace.Closed(clients), rows, repetition);
                }
            }
        }
    }

    private void measureLatency(Servers servers, Contender contender, int repetition, double most) {
        List<Double> rates = new ArrayList<>();
        plan.rates().stream().filter(rate -> rate <= MOST_OF_A_RATE * most).forEach(rate -> rates.add((double) rate));
        // Rounded, so that a rate reads as one.
        plan.sharesOfMost().forEach(share -> rates.add(Math.max(1, Math.rint(share * most / 10) * 10)));
        Database database = servers.database(contender.tables(), 0);
        try (RunningContender running = start(servers, contender, database)) {
            warmUp(running, contender, database, 0);
            for (double rate : rates) {
                measure(running, contender, database, TYPICAL_WORKLOAD, new Pace.Open(rate), 0, repetition);
            }
        }
    }

    /** The most that each has done of what fixed rates are asked of; of what was measured when that was not. */
    private Map<Contender, Double> mostOfEach() {
        Map<Contender, Double> most = new EnumMap<>(Contender.class);
        boolean typical = plan.workloads().contains(TYPICAL_WORKLOAD);
        for (Row row : Row.of(measurements)) {
            if (row.median().rowsBefore() == 0
                    && (!typical || row.median().workload().equals(TYPICAL_WORKLOAD.title()))) {
                most.merge(row.median().contender(), row.median().throughput(), Math::max);
            }
        }
        return most;
    }

    private RunningContender start(Servers servers, Contender contender, Database database) {
        return RunningContender.start(contender, servers, database, directory, "bench-" + starts++, plan.profile());
    }

    private void warmUp(RunningContender running, Contender contender, Database database, long rows) {
        for (Workload workload : plan.workloads()) {
            usePool(running, contender, workload);
            double before = 0;
            double now = warmUp(running, database, workload, rows);
            for (int more = 0; more < MOST_WARM_UPS && now > WARMER * before; more++) {
                before = now;
                now = warmUp(running, database, workload, rows);
            }
        }
    }

    private double warmUp(RunningContender running, Database database, Workload workload, long rows) {
        return ask(running, database, workload, new Pace.Closed(TYPICAL_CLIENTS), rows, plan.warmUp(), 0)
                .throughput();
    }

    private void usePool(RunningContender running, Contender contender, Workload workload) {
        if (contender.isWebApplication()) {
            running.resizePool(poolSizes.getOrDefault(contender, Map.of()).getOrDefault(workload, USUAL_POOL_SIZE));
        }
    }

    private Tally ask(
            RunningContender running,
            Database database,
            Workload workload,
            Pace pace,
            long rows,
            Duration time,
            int repetition) {
        String run = "run" + runs++;
        database.prepare(run, workload, rows);
        return running.load().run(new Requests(workload, run, repetition), pace, time);
    }

    private void measure(
            RunningContender running,
            Contender contender,
            Database database,
            Workload workload,
            Pace pace,
            long rows,
            int repetition) {
        usePool(running, contender, workload);
        String run = "run" + runs++;
        database.prepare(run, workload, rows);
        Requests requests = new Requests(workload, run, repetition);
        double cpuBefore = running.cpuSeconds();
        double loadBefore = CpuTime.ofThisProcess();
        Tally tally = running.load().run(requests, pace, plan.time());
        double cpu = running.cpuSeconds() - cpuBefore;
        double load = CpuTime.ofThisProcess() - loadBefore;
        List<String> faults = new ArrayList<>(tally.complaints());
        faults.addAll(database.faults(run, contender, tally));
        faults.addAll(unexpected(workload, tally));
        String what = contender.id() + ", " + workload.title() + ", " + pace + (rows > 0 ? ", " + rows + " rows" : "");
        if (faults.isEmpty()) {
            Measurement measured = Measurement.of(contender, workload, pace, rows, tally, cpu, load);
            measurements.add(measured);
            tell(String.format(
                    Locale.ROOT,
                    "%s: %,.0f/s, p50 %.1f ms, p99 %.1f ms, CPU %.3f s/1000",
                    what,
                    measured.throughput(),
                    measured.p50Millis(),
                    measured.p99Millis(),
                    measured.cpuSecondsPer1000()));
        } else {
            wrong.add(what + ": " + String.join("; ", faults));
            tell("WRONG: " + what + ": " + String.join("; ", faults));
        }
    }

    /** What the workload itself says about the answers. */
    private static List<String> unexpected(Workload workload, Tally tally) {
        List<String> faults = new ArrayList<>();
        if (tally.decided() == 0) {
            faults.add("nothing was decided");
        }
        if (workload == Workload.ONE_PLACE && tally.seatsGiven() > 1) {
            faults.add("the one place was given to " + tally.seatsGiven());
        }
        if (workload == Workload.STADIUM && tally.rejected() > 0) {
            faults.add(tally.rejected() + " were refused a place, though there is one for everybody");
        }
        return faults;
    }

    private void tell(String line) {
        Duration passed = Duration.between(started, Instant.now());
        progress.accept(String.format(Locale.ROOT, "%2d:%02d %s", passed.toMinutes(), passed.toSecondsPart(), line));
    }
}
