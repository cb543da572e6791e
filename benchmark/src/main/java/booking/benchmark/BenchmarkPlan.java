package booking.benchmark;

import java.time.Duration;
import java.util.Collection;
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
 * @param fewestAtARate one at a fixed rate lasts until so many requests are sent, though not for more than ten seconds
 *     because of that: of a few, one in a thousand cannot be told
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
        int fewestAtARate,
        Duration warmUp,
        int mostWarmUps,
        boolean poolTrial,
        boolean profile) {
    private static final int TYPICAL_CLIENTS = 64;
    private static final int MOST_CLIENTS = 10_000;
    private static final double LONGER_AT_A_RATE_SECONDS = 10;

    /** After which holds run out. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    public BenchmarkPlan {
        contenders = distinct(contenders);
        workloads = distinct(workloads);
        clients = distinct(clients);
        rates = distinct(rates);
        sharesOfMost = distinct(sharesOfMost);
        rowsBefore = distinct(rowsBefore);
        grown = Set.copyOf(grown);
        requireSome("systems", contenders);
        requireSome("workloads", workloads);
        requireSome("clients", clients);
        requireSome("rows", rowsBefore);
        if (clients.stream().anyMatch(count -> count < 1 || count > MOST_CLIENTS)) {
            throw new IllegalArgumentException("clients must be from 1 to " + MOST_CLIENTS + ", were " + clients);
        }
        if (rates.stream().anyMatch(rate -> rate < 1)) {
            throw new IllegalArgumentException("rates must be 1 or more, were " + rates);
        }
        if (rowsBefore.stream().anyMatch(rows -> rows < 0)) {
            throw new IllegalArgumentException("rows must be 0 or more, were " + rowsBefore);
        }
        if (!rowsBefore.contains(0L) && workloadsOfGrowth(workloads).isEmpty()) {
            throw new IllegalArgumentException(
                    "with rows the stadium and the calendar are measured, and workloads has neither; rows can be 0, too");
        }
        if (mostWarmUps < 1) {
            throw new IllegalArgumentException("a system must be warmed up once or more, was to be " + mostWarmUps);
        }
        if (repetitions < 1) {
            throw new IllegalArgumentException("repetitions must be 1 or more, was " + repetitions);
        }
        if (time.isZero() || time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("seconds must be more than 0 and at most " + LONGEST.toSeconds()
                    + ", were " + time.toMillis() / 1_000.0);
        }
    }

    /** How long one measurement at a pace lasts. */
    Duration timeOf(Pace pace) {
        if (pace instanceof Pace.Open open) {
            double seconds = Math.min(LONGER_AT_A_RATE_SECONDS, fewestAtARate / open.perSecond());
            return longer(time, Duration.ofMillis((long) (seconds * 1_000)));
        }
        return time;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** What fixed rates are asked of: the stadium, if it is planned. */
    Workload workloadOfRates() {
        return workloads.contains(Workload.STADIUM) ? Workload.STADIUM : workloads.get(0);
    }

    /** Who is measured on tables that have so many bookings before. */
    List<Contender> contendersOn(long rows) {
        if (rows == 0) {
            return contenders;
        }
        return workloadsOfGrowth(workloads).isEmpty()
                ? List.of()
                : contenders.stream().filter(grown::contains).toList();
    }

    /** Whether so many callers ask for this on tables that have so many bookings before. */
    boolean asks(Workload workload, int callers, long rows) {
        return rows == 0 || (workloadsOfGrowth(workloads).contains(workload) && callers == typical(clients));
    }

    /** The number of callers at which systems are held against each other: 64, or the largest when there is no such row. */
    static int typical(Collection<Integer> clients) {
        return clients.contains(TYPICAL_CLIENTS)
                ? TYPICAL_CLIENTS
                : clients.stream().max(Integer::compare).orElse(TYPICAL_CLIENTS);
    }

    private static List<Workload> workloadsOfGrowth(List<Workload> planned) {
        return planned.stream()
                .filter(workload -> workload == Workload.STADIUM || workload == Workload.CALENDAR)
                .toList();
    }

    private static <T> List<T> distinct(List<T> named) {
        return named.stream().distinct().toList();
    }

    private static void requireSome(String what, List<?> list) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException("there must be some " + what);
        }
    }
}
