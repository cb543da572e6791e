package booking.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The medians of all runs of the same kind.
 *
 * @param median the median of each figure
 * @param repetitions of how many runs
 */
record Row(Measurement median, int repetitions) {
    private record Kind(Contender contender, String workload, int clients, long rowsBefore) {}

    /** One row for each kind, in the order in which the kinds were measured first. */
    static List<Row> of(Collection<Measurement> measurements) {
        Map<Kind, List<Measurement>> byKind = new LinkedHashMap<>();
        for (Measurement one : measurements) {
            Kind kind = new Kind(one.contender(), one.workload(), one.clients(), one.rowsBefore());
            byKind.computeIfAbsent(kind, none -> new ArrayList<>()).add(one);
        }
        return byKind.values().stream()
                .map(same -> new Row(median(same), same.size()))
                .toList();
    }

    private static Measurement median(List<Measurement> same) {
        Measurement first = same.get(0);
        return new Measurement(
                first.contender(),
                first.workload(),
                first.clients(),
                first.rowsBefore(),
                median(same, Measurement::throughput),
                median(same, Measurement::p50Millis),
                median(same, Measurement::p99Millis),
                median(same, Measurement::p999Millis),
                median(same, Measurement::cpuSecondsPer1000),
                median(same, Measurement::loadCpuSecondsPer1000),
                median(same, Measurement::grantedShare),
                median(same, Measurement::gaveUpShare));
    }

    private static double median(List<Measurement> same, ToDoubleFunction<Measurement> figure) {
        return Median.of(same.stream().map(figure::applyAsDouble).toList());
    }
}
