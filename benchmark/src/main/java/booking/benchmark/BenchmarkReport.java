package booking.benchmark;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a benchmark found. */
public final class BenchmarkReport {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Without which figures over HTTP and over Kafka would be taken for the same thing. */
    private static final String CLIENTS = "Over HTTP a client waits for its answer; over Kafka each has up to "
            + Contender.WINDOW_OF_A_WRITER + " commands under way";

    private final String machine;
    private final Instant started;
    private final List<Row> rows;
    private final List<String> wrong;
    private final List<String> pools;

    BenchmarkReport(
            String machine,
            Instant started,
            Collection<Measurement> measurements,
            Collection<String> wrong,
            Collection<String> pools) {
        this.machine = machine;
        this.started = started.truncatedTo(ChronoUnit.SECONDS);
        this.rows = Row.of(measurements);
        this.wrong = List.copyOf(wrong);
        this.pools = List.copyOf(pools);
    }

    /** What systems did wrong, and when; runs in which they did are not among the rows. */
    public List<String> wrong() {
        return wrong;
    }

    /** One JSON object, in UTF-8. */
    public byte[] json() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Row row : rows) {
            Measurement median = row.median();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("system", median.contender().id());
            fields.put("workload", median.workload());
            fields.put("clients", median.clients());
            fields.put("rows_before", median.rowsBefore());
            fields.put("throughput_per_s", rounded(median.throughput(), 1));
            fields.put("p50_ms", rounded(median.p50Millis(), 3));
            fields.put("p99_ms", rounded(median.p99Millis(), 3));
            fields.put("p999_ms", rounded(median.p999Millis(), 3));
            fields.put("cpu_s_per_1000", rounded(median.cpuSecondsPer1000(), 5));
            fields.put("repetitions", row.repetitions());
            all.add(fields);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("machine", machine);
        report.put("started", started.toString());
        report.put("rows", all);
        return (JSON.writeValueAsString(report) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }

    /** Tables in Markdown. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("Measured on ")
                .append(machine)
                .append(", from ")
                .append(started)
                .append(" on.\n\n");
        wrong.forEach(fault -> text.append("**Wrong:** ").append(fault).append("\n\n"));
        summary(text);
        growth(text);
        for (String workload : workloads()) {
            details(text, workload);
        }
        if (!pools.isEmpty()) {
            text.append("Connections of the alternatives, by trial:\n\n");
            pools.forEach(pool -> text.append("- ").append(pool).append('\n'));
        }
        return text.toString();
    }

    /** Decisions a second of each system at the number of clients that is typical, by workload. */
    private void summary(StringBuilder text) {
        int clients = chartedClients();
        List<String> titles = closedWorkloads();
        text.append("Decisions a second, ").append(clients).append(" clients:\n\n| system |");
        titles.forEach(title -> text.append(' ').append(title).append(" |"));
        text.append("\n|---|").append("---:|".repeat(titles.size())).append('\n');
        for (Contender contender : contenders()) {
            text.append("| ").append(contender.id()).append(" |");
            for (String title : titles) {
                throughput(text, find(contender, title, clients, 0));
            }
            text.append('\n');
        }
        text.append('\n').append(CLIENTS).append(".\n\n");
    }

    /** Decisions a second on tables that have bookings before, beside those on tables that have none. */
    private void growth(StringBuilder text) {
        List<Long> levels = rows.stream()
                .map(row -> row.median().rowsBefore())
                .distinct()
                .sorted()
                .toList();
        if (levels.size() < 2) {
            return;
        }
        int clients = chartedClients();
        text.append("Decisions a second, ")
                .append(clients)
                .append(" clients, by the bookings in the tables before:\n\n| system | workload |");
        levels.forEach(level -> text.append(String.format(Locale.ROOT, " %,d |", level)));
        text.append("\n|---|---|").append("---:|".repeat(levels.size())).append('\n');
        long most = levels.get(levels.size() - 1);
        for (Row row : rows) {
            Measurement median = row.median();
            if (median.rowsBefore() == most) {
                text.append("| ")
                        .append(median.contender().id())
                        .append(" | ")
                        .append(median.workload())
                        .append(" |");
                for (long level : levels) {
                    throughput(text, find(median.contender(), median.workload(), clients, level));
                }
                text.append('\n');
            }
        }
        text.append('\n');
    }

    private static void throughput(StringBuilder text, Optional<Row> row) {
        row.ifPresent(found ->
                text.append(String.format(Locale.ROOT, " %,.0f", found.median().throughput())));
        text.append(" |");
    }

    private void details(StringBuilder text, String workload) {
        text.append("### ").append(workload).append("\n\n");
        text.append("| system | clients | rows before | decisions/s | p50 ms | p99 ms | p99.9 ms | CPU s/1000 |"
                + " load's CPU s/1000 | granted | gave up | runs |\n");
        text.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        for (Row row : rows) {
            Measurement median = row.median();
            if (median.workload().equals(workload)) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %,d | %,.0f | %.1f | %.1f | %.1f | %.3f | %.3f | %.0f %% | %.0f %% | %d |%n",
                        median.contender().id(),
                        median.clients() == 0 ? "fixed rate" : Integer.toString(median.clients()),
                        median.rowsBefore(),
                        median.throughput(),
                        median.p50Millis(),
                        median.p99Millis(),
                        median.p999Millis(),
                        median.cpuSecondsPer1000(),
                        median.loadCpuSecondsPer1000(),
                        100 * median.grantedShare(),
                        100 * median.gaveUpShare(),
                        row.repetitions()));
            }
        }
        text.append('\n');
    }

    /** A picture of the summary, SVG in UTF-8. */
    public byte[] chart() {
        Map<String, Map<String, Double>> groups = new LinkedHashMap<>();
        int clients = chartedClients();
        for (String title : closedWorkloads()) {
            Map<String, Double> bars = new LinkedHashMap<>();
            for (Contender contender : contenders()) {
                find(contender, title, clients, 0)
                        .ifPresent(row -> bars.put(contender.id(), row.median().throughput()));
            }
            groups.put(title, bars);
        }
        return new BarChart("Decisions a second, " + clients + " clients", CLIENTS, groups).svg();
    }

    private Optional<Row> find(Contender contender, String workload, int clients, long rowsBefore) {
        return rows.stream()
                .filter(row -> row.median().contender() == contender
                        && row.median().workload().equals(workload)
                        && row.median().clients() == clients
                        && row.median().rowsBefore() == rowsBefore)
                .findFirst();
    }

    private int chartedClients() {
        Set<Integer> all = rows.stream()
                .map(row -> row.median().clients())
                .filter(count -> count > 0)
                .collect(Collectors.toSet());
        return BenchmarkPlan.typical(all);
    }

    private List<String> closedWorkloads() {
        return rows.stream()
                .filter(row -> row.median().clients() > 0)
                .map(row -> row.median().workload())
                .distinct()
                .toList();
    }

    private Set<String> workloads() {
        return rows.stream().map(row -> row.median().workload()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<Contender> contenders() {
        return rows.stream()
                .map(row -> row.median().contender())
                .distinct()
                .sorted()
                .toList();
    }
}
