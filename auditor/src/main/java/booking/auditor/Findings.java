package booking.auditor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has been found so far. */
final class Findings {
    private static final int MOST_OFFENDERS = 10;

    private final Map<Promise, Found> byPromise = new EnumMap<>(Promise.class);

    Findings() {
        for (Promise promise : Promise.values()) {
            if (promise != Promise.REPLAY) {
                byPromise.put(promise, new Found(promise));
            }
        }
    }

    void violation(Promise promise, Offender offender) {
        Found found = of(promise);
        found.violations++;
        if (found.offenders.size() < MOST_OFFENDERS) {
            found.offenders.add(offender);
        }
    }

    /** Notes why a promise cannot be checked as a whole. */
    void unknown(Promise promise, String reason) {
        of(promise).unknown.add(reason);
    }

    /** Counts what was looked at; what is not always counted is told after what is, in the order of the first counting. */
    void count(Promise promise, String what, long more) {
        of(promise).counts.merge(what, more, Long::sum);
    }

    AuditReport report() {
        List<AuditReport.PromiseReport> reports = new ArrayList<>();
        byPromise.forEach((promise, found) -> reports.add(new AuditReport.PromiseReport(
                promise,
                Collections.unmodifiableMap(found.counts),
                List.copyOf(found.unknown),
                found.violations,
                List.copyOf(found.offenders))));
        return new AuditReport(reports);
    }

    private Found of(Promise promise) {
        return byPromise.computeIfAbsent(promise, Found::new);
    }

    /** In the order in which it is told, also when there was none of it. */
    private static List<String> alwaysCounted(Promise promise) {
        return switch (promise) {
            case SEATS -> List.of("results with counters", "events");
            case ANSWERS -> List.of("commands", "results", "dead letters");
            case REPEATS -> List.of("command ids", "repetitions", "ids used again");
            case TABLES -> List.of("events", "bookings", "waiting", "outcomes", "availability");
            case ORDER -> List.of("results compared");
            case LIVENESS -> List.of("partitions", "lag");
            case PROGRESS -> List.of("partitions");
            case REPLAY -> List.of();
        };
    }

    private static final class Found {
        private final Map<String, Long> counts = new LinkedHashMap<>();
        private final Set<String> unknown = new LinkedHashSet<>();
        private final List<Offender> offenders = new ArrayList<>();
        private long violations;

        Found(Promise promise) {
            alwaysCounted(promise).forEach(what -> counts.put(what, 0L));
        }
    }
}
