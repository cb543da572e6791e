package booking.benchmark;

import booking.embedded.Undisturbed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures systems on the same servers. All of them run all the time, each on tables and topics of its own, and take turns: what
 * is compared is measured within seconds, as a machine is not the same from one minute to the next. Their order turns round
 * with each repetition. Whether a system did right is checked after each run.
 */
public final class Benchmark {
    private static final int WARMING_CLIENTS = 64;
    private static final int USUAL_POOL_SIZE = 8;
    private static final List<Integer> POOL_SIZES = List.of(2, 4, 8, 16, 32);
    private static final double MOST_OF_A_RATE = 0.8;

    /** A system that has become so much faster than it ever was is not warm yet. */
    private static final double WARMER = 1.03;
    /** One that has not, so many times in a row, is: a single measurement may be slow for other reasons. */
    private static final int WARM_WHEN_NO_FASTER = 6;
    /** How often the workloads after the first are run at most, which find most of it warm. */
    private static final int MOST_FURTHER_WARM_UPS = 5;

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
     * @param soFar is given what there is from time to time, so that a run that is cut short was not for nothing
     * @throws BenchmarkException when something cannot be measured at all
     */
    public BenchmarkReport run(Consumer<BenchmarkReport> soFar) {
        tell("starting Kafka and PostgreSQL");
        List<RunningContender> running = new ArrayList<>();
        try (Servers servers = Servers.start(directory)) {
            try {
                startAll(servers, running);
                measureThroughput(running, soFar);
                measureLatency(running, soFar);
            } finally {
                closeAll(running);
            }
        }
        return report();
    }

    /** Starts all systems on tables without rows, and some once more on tables that have some: they take their turns with the others. */
    private void startAll(Servers servers, List<RunningContender> running) {
        for (long rows : plan.rowsBefore()) {
            for (Contender contender : plan.contendersOn(rows)) {
                running.add(started(servers, contender, rows));
            }
        }
    }

    /** Starts one, warms it up, and finds out how many connections are best for it. */
    private RunningContender started(Servers servers, Contender contender, long rows) {
        Database database = servers.database(contender, rows);
        RunningContender running =
                RunningContender.start(contender, servers, database, directory, "bench-" + starts++, plan.profile());
        try {
            warmUp(running);
            if (plan.poolTrial() && contender.isWebApplication() && !poolSizes.containsKey(contender)) {
                tryPools(running);
            }
            tell(contender.id() + " is warm" + (rows > 0 ? ", on " + rows + " bookings" : ""));
            return running;
        } catch (BenchmarkException e) {
            closeAll(List.of(running));
            throw new BenchmarkException(contender.id() + " cannot be measured: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            closeAll(List.of(running));
            throw e;
        }
    }

    /** Closes all, whatever becomes of one of them. */
    private static void closeAll(Collection<RunningContender> running) {
        List<RuntimeException> failures = new ArrayList<>();
        running.forEach(RunningContender::terminate);
        for (RunningContender each : running) {
            try {
                Undisturbed.run(each::close);
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        failures.stream().findFirst().ifPresent(first -> {
            throw first;
        });
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

    private void tryPools(RunningContender running) {
        Contender contender = running.contender();
        Map<Workload, Integer> best = new EnumMap<>(Workload.class);
        for (Workload workload : plan.workloads()) {
            StringBuilder found = new StringBuilder();
            double most = 0;
            for (int size : POOL_SIZES) {
                running.resizePool(size);
                double throughput = ask(running, workload, plan.time()).throughput();
                found.append(
                        String.format(Locale.ROOT, "%s%d: %,.0f/s", found.isEmpty() ? "" : ", ", size, throughput));
                if (throughput > most) {
                    most = throughput;
                    best.put(workload, size);
                }
            }
            String trial = contender.id() + ", " + workload.title() + ": " + best.get(workload) + " (" + found + ")";
            tell("connections of " + trial);
            pools.add(trial);
        }
        poolSizes.put(contender, best);
    }

    private void measureThroughput(List<RunningContender> running, Consumer<BenchmarkReport> soFar) {
        for (int repetition = 0; repetition < plan.repetitions(); repetition++) {
            for (Workload workload : plan.workloads()) {
                for (int clients : plan.clients()) {
                    for (RunningContender each : turned(running, repetition)) {
                        if (plan.asks(workload, clients, each.database().rowsBefore())) {
                            measure(each, workload, new Pace.Closed(clients), repetition);
                        }
                    }
                    soFar.accept(report());
                }
            }
        }
    }

    private void measureLatency(List<RunningContender> all, Consumer<BenchmarkReport> soFar) {
        List<RunningContender> running =
                all.stream().filter(each -> each.database().rowsBefore() == 0).toList();
        Map<Contender, Double> most = mostOfEach();
        for (int repetition = 0; repetition < plan.repetitions(); repetition++) {
            for (int rate : plan.rates()) {
                for (RunningContender each : turned(running, repetition)) {
                    if (rate <= MOST_OF_A_RATE * most.getOrDefault(each.contender(), 0.0)) {
                        measure(each, plan.workloadOfRates(), new Pace.Open(rate), repetition);
                    }
                }
            }
            for (double share : plan.sharesOfMost()) {
                for (RunningContender each : turned(running, repetition)) {
                    Double best = most.get(each.contender());
                    if (best != null) {
                        // Rounded, so that a rate reads as one.
                        double rate = Math.rint(share * best / 10) * 10;
                        measure(each, plan.workloadOfRates(), new Pace.Open(Math.max(10, rate)), repetition);
                    }
                }
            }
            soFar.accept(report());
        }
    }

    /** The most that each has done of what fixed rates are asked of. */
    private Map<Contender, Double> mostOfEach() {
        Map<Contender, Double> most = new EnumMap<>(Contender.class);
        for (Row row : Row.of(measurements)) {
            if (row.median().rowsBefore() == 0
                    && row.median().workload().equals(plan.workloadOfRates().title())) {
                most.merge(row.median().contender(), row.median().throughput(), Math::max);
            }
        }
        return most;
    }

    /**
     * Has a system work until it is as fast as it gets. The first workload takes longest: two compilers of two services share the
     * processors with what they compile, and have their say for a minute and more.
     */
    private void warmUp(RunningContender running) {
        int mostUnits = plan.mostWarmUps();
        for (Workload workload : plan.workloads()) {
            usePool(running, workload);
            double best = 0;
            int noFaster = 0;
            for (int unit = 0; unit < mostUnits && noFaster < WARM_WHEN_NO_FASTER; unit++) {
                double now = ask(running, workload, plan.warmUp()).throughput();
                noFaster = now > best * WARMER ? 0 : noFaster + 1;
                best = Math.max(best, now);
            }
            mostUnits = Math.min(plan.mostWarmUps(), MOST_FURTHER_WARM_UPS);
        }
    }

    private void usePool(RunningContender running, Workload workload) {
        Contender contender = running.contender();
        if (contender.isWebApplication()) {
            running.resizePool(poolSizes.getOrDefault(contender, Map.of()).getOrDefault(workload, USUAL_POOL_SIZE));
        }
    }

    /** A run that does not count. */
    private Tally ask(RunningContender running, Workload workload, Duration time) {
        String run = "run" + runs++;
        running.database().prepare(run, workload);
        return running.load().run(new Requests(workload, run, 0), new Pace.Closed(WARMING_CLIENTS), time);
    }

    /** Measures once. What goes wrong is noted, and the others are measured all the same. */
    private void measure(RunningContender running, Workload workload, Pace pace, int repetition) {
        long rows = running.database().rowsBefore();
        String what = running.contender().id() + ", " + workload.title() + ", " + pace
                + (rows > 0 ? ", " + rows + " rows" : "");
        try {
            Measurement measured = measured(running, workload, pace, repetition);
            measurements.add(measured);
            tell(String.format(
                    Locale.ROOT,
                    "%s: %,.0f/s, p50 %.1f ms, p99 %.1f ms, CPU %.3f s/1000",
                    what,
                    measured.throughput(),
                    measured.p50Millis(),
                    measured.p99Millis(),
                    measured.cpuSecondsPer1000()));
        } catch (BenchmarkException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            running.requireServers();
            wrong.add(what + ": " + e.getMessage());
            tell("WRONG: " + what + ": " + e.getMessage());
        }
    }

    /** @throws BenchmarkException when nothing can be measured, or the system did wrong */
    private Measurement measured(RunningContender running, Workload workload, Pace pace, int repetition) {
        running.requireAlive();
        usePool(running, workload);
        Contender contender = running.contender();
        Database database = running.database();
        String run = "run" + runs++;
        database.prepare(run, workload);
        Requests requests = new Requests(workload, run, repetition);
        double cpuBefore = running.cpuSeconds();
        double loadBefore = CpuTime.ofThisProcess();
        Tally tally = running.load().run(requests, pace, plan.timeOf(pace));
        double cpu = running.cpuSeconds() - cpuBefore;
        double load = CpuTime.ofThisProcess() - loadBefore;
        List<String> faults = new ArrayList<>(tally.complaints());
        faults.addAll(database.faults(run, contender, tally));
        faults.addAll(unexpected(requests, tally));
        if (!faults.isEmpty()) {
            throw new BenchmarkException(String.join("; ", faults));
        }
        return Measurement.of(contender, workload, pace, database.rowsBefore(), tally, cpu, load);
    }

    /** What the requests say about the answers: without this the quickest of all would be who refuses everything. */
    private static List<String> unexpected(Requests requests, Tally tally) {
        List<String> faults = new ArrayList<>();
        if (tally.decided() == 0) {
            faults.add("nothing was decided");
        }
        long refusing = tally.eventsThatRefusedFreeSeats(requests::seatsOf);
        if (refusing > 0) {
            faults.add("events that refused seats which nobody had: " + refusing);
        }
        return faults;
    }

    private void tell(String line) {
        Duration passed = Duration.between(started, Instant.now());
        progress.accept(String.format(Locale.ROOT, "%2d:%02d %s", passed.toMinutes(), passed.toSecondsPart(), line));
    }
}
