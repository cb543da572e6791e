package booking.benchmark;

/**
 * What one run came to.
 *
 * @param workload its title, and the rate where there is one
 * @param clients how many callers there were; 0 at a fixed rate
 * @param cpuSecondsPer1000 of the system, the broker and the database, for a thousand decisions
 * @param loadCpuSecondsPer1000 of those who asked, for a thousand decisions; no part of the former
 * @param grantedShare which share of the decisions granted what was asked for
 * @param gaveUpShare which share of the answers was no decision
 */
record Measurement(
        Contender contender,
        String workload,
        int clients,
        long rowsBefore,
        double throughput,
        double p50Millis,
        double p99Millis,
        double p999Millis,
        double cpuSecondsPer1000,
        double loadCpuSecondsPer1000,
        double grantedShare,
        double gaveUpShare) {

    static Measurement of(
            Contender contender,
            Workload workload,
            Pace pace,
            long rowsBefore,
            Tally tally,
            double cpuSeconds,
            double loadCpuSeconds) {
        double thousands = tally.decided() / 1000.0;
        return new Measurement(
                contender,
                workload.title() + (pace instanceof Pace.Open ? " " + pace : ""),
                pace instanceof Pace.Closed closed ? closed.clients() : 0,
                rowsBefore,
                tally.throughput(),
                tally.percentileMillis(50),
                tally.percentileMillis(99),
                tally.percentileMillis(99.9),
                cpuSeconds / thousands,
                loadCpuSeconds / thousands,
                tally.grantedShare(),
                tally.gaveUp() / (double) (tally.decided() + tally.gaveUp()));
    }
}
