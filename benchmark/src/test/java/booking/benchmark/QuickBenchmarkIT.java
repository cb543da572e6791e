package booking.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.TemporaryDirectory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every system, for moments: each has to do right, and the figures have to be where readers look for them. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class QuickBenchmarkIT {
    private static final Set<String> FIELDS = Set.of(
            "system",
            "workload",
            "clients",
            "rows_before",
            "throughput_per_s",
            "p50_ms",
            "p99_ms",
            "p999_ms",
            "cpu_s_per_1000",
            "repetitions");

    private static final List<Contender> ALL = List.of(Contender.values());

    @Test
    void everySystemDoesEveryWorkloadRightAndIsReported() {
        BenchmarkReport report = run(plan(ALL, List.of(Workload.values()), List.of(), List.of(0L)));

        assertThat(report.wrong()).isEmpty();
        JsonNode json = new JsonMapper().readTree(report.json());
        assertThat(json.propertyNames()).containsExactly("machine", "started", "rows");
        Set<String> expected = new TreeSet<>();
        for (Contender contender : ALL) {
            for (Workload workload : Workload.values()) {
                expected.add(contender.id() + ", " + workload.title() + ", 8, 0");
            }
        }
        assertThat(rows(json)).isEqualTo(expected);
        assertThat(report.markdown()).contains("| ours-kafka |", "### stadium", "### sale day");
        assertThat(new String(report.chart(), StandardCharsets.UTF_8)).contains("<svg", "record-at-a-time");
    }

    @Test
    void fixedRatesAndTablesWithRowsAreRowsOfTheirOwn() {
        BenchmarkReport report = run(plan(
                List.of(Contender.CONDITIONAL, Contender.LIMIT),
                List.of(Workload.STADIUM),
                List.of(20),
                List.of(0L, 1_000L)));

        assertThat(report.wrong()).isEmpty();
        assertThat(rows(new JsonMapper().readTree(report.json())))
                .containsExactlyInAnyOrder(
                        "conditional, stadium, 8, 0",
                        "conditional, stadium, 8, 1000",
                        "conditional, stadium at 20/s, 0, 0",
                        "limit, stadium, 8, 0",
                        "limit, stadium, 8, 1000",
                        "limit, stadium at 20/s, 0, 0");
        assertThat(report.markdown())
                .contains("8 clients, by the bookings in the tables before:", "| system | workload | 0 | 1,000 |")
                .containsPattern("\\| limit \\| stadium \\| [0-9,]+ \\| [0-9,]+ \\|");
    }

    private static BenchmarkPlan plan(
            List<Contender> contenders, List<Workload> workloads, List<Integer> rates, List<Long> rows) {
        return new BenchmarkPlan(
                contenders,
                workloads,
                List.of(8),
                rates,
                List.of(),
                rows,
                Set.copyOf(contenders),
                1,
                Duration.ofMillis(150),
                1,
                Duration.ofMillis(50),
                2,
                false,
                false);
    }

    @Test
    void aSystemThatHasEndedIsToldAndTheOthersAreMeasuredAllTheSame() {
        BenchmarkPlan plan = plan(
                List.of(Contender.PESSIMISTIC, Contender.CONDITIONAL),
                List.of(Workload.STADIUM),
                List.of(),
                List.of(0L));

        BenchmarkReport report = run(plan, line -> {
            if (line.endsWith("conditional is warm")) {
                kill(Contender.PESSIMISTIC);
            }
        });

        assertThat(report.wrong())
                .singleElement()
                .asString()
                .contains("pessimistic, stadium, 8 clients", "ended by itself", "bench-0-pessimistic.log");
        assertThat(rows(new JsonMapper().readTree(report.json()))).containsExactly("conditional, stadium, 8, 0");
    }

    /** A web application says on its command line who it is. */
    private static void kill(Contender contender) {
        ProcessHandle process = ProcessHandle.current()
                .descendants()
                .filter(child -> child.info()
                        .commandLine()
                        .filter(line -> line.contains(" " + contender.id() + " "))
                        .isPresent())
                .findFirst()
                .orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    private static BenchmarkReport run(BenchmarkPlan plan) {
        return run(plan, line -> {});
    }

    private static BenchmarkReport run(BenchmarkPlan plan, Consumer<String> alsoTold) {
        try (TemporaryDirectory directory = TemporaryDirectory.create("booking-bench-")) {
            Consumer<String> told = System.out::println;
            return new Benchmark(plan, directory.path(), told.andThen(alsoTold)).run(soFar -> {});
        }
    }

    /** What identifies each row, whose figures must be there. */
    private static Set<String> rows(JsonNode json) {
        Set<String> rows = new TreeSet<>();
        for (JsonNode row : json.path("rows")) {
            assertThat(row.propertyNames()).containsExactlyInAnyOrderElementsOf(FIELDS);
            assertThat(row.path("throughput_per_s").doubleValue()).isPositive();
            assertThat(row.path("p50_ms").doubleValue()).isPositive();
            assertThat(row.path("p999_ms").doubleValue())
                    .isGreaterThanOrEqualTo(row.path("p50_ms").doubleValue());
            assertThat(row.path("cpu_s_per_1000").doubleValue()).isNotNegative();
            assertThat(row.path("repetitions").intValue()).isEqualTo(1);
            rows.add(row.path("system").stringValue() + ", "
                    + row.path("workload").stringValue() + ", "
                    + row.path("clients").intValue() + ", "
                    + row.path("rows_before").longValue());
        }
        return rows;
    }
}
