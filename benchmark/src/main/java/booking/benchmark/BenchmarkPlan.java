package booking.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is to be measured.
 *
 * @param contenders who
 * @param workloads what is asked for
 * @param clients how many callers there are, for throughput
 * @param rates fixed rates for latency, in requests a second; those above four fifths of what a system can do are left out
 * @param sharesOfMost further fixed rates, as shares of the most that a system has done; below 1
 * @param rowsBefore how many bookings the tables have before
 * @param grown who is measured on tables that have bookings
 * @param repetitions how often each is measured
 * @param time how long one measurement lasts
 * @param warmUp how long a workload is run before a system is measured, again and again until it gets no faster
 * @param mostWarmUps how often at most
 * @param poolTrial whether the size of the alternatives' pools is found by trial; else it is 8
 * @param profile whether the processes of each system are recorded with Java Flight Recorder, beside their logs; it costs a
 *     little
 */
public record BenchmarkPlan(
        List<Contender> contenders,
        List<Workload> workloads,
        List<Integer> clients,
        List<Integer> rates,
        List<Double> sharesOfMost,
        List<Long> rowsBefore,
        Set<Contender> grown,
        int repetitions,
        Duration time,
        Duration warmUp,
        int mostWarmUps,
        boolean poolTrial,
        boolean profile) {
    public BenchmarkPlan {
        contenders = List.copyOf(contenders);
        workloads = List.copyOf(workloads);
        clients = List.copyOf(clients);
        rates = List.copyOf(rates);
        sharesOfMost = List.copyOf(sharesOfMost);
        rowsBefore = List.copyOf(rowsBefore);
        grown = Set.copyOf(grown);
        requireSome("systems", contenders);
        requireSome("workloads", workloads);
        requireSome("clients", clients);
        requireSome("rows", rowsBefore);
        if (clients.stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException("clients must be 1 or more, were " + clients);
        }
        if (rates.stream().anyMatch(rate -> rate < 1)) {
            throw new IllegalArgumentException("rates must be 1 or more, were " + rates);
        }
        if (rowsBefore.stream().anyMatch(rows -> rows < 0)) {
            throw new IllegalArgumentException("rows must be 0 or more, were " + rowsBefore);
        }
        if (mostWarmUps < 1) {
            throw new IllegalArgumentException("a system must be warmed up once or more, was to be " + mostWarmUps);
        }
        if (repetitions < 1) {
            throw new IllegalArgumentException("repetitions must be 1 or more, was " + repetitions);
        }
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException("a measurement must take some time, was " + time);
        }
    }

    private static void requireSome(String what, List<?> list) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException("there must be some " + what);
        }
    }
}
