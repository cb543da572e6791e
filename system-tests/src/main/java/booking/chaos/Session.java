package booking.chaos;

import booking.auditor.Audit;
import booking.auditor.AuditReport;
import booking.auditor.AuditSettings;
import booking.auditor.Offender;
import booking.auditor.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** One system that goes through rounds, and the clients that use it. */
final class Session implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration BEFORE = Duration.ofMillis(1_500);
    private static final Duration AFTER = Duration.ofSeconds(2);
    /** Promised: after a fault heals, the next result comes within this time. */
    private static final Duration RECOVERY = Duration.ofSeconds(30);

    static final Duration DRAIN = Duration.ofSeconds(60);

    private static final int MOST_NAMED = 10;

    private final SystemUnderTest system;
    private final String locking;
    private final Duration drain;
    private final Journal journal = new Journal();
    private final KafkaClients kafka;
    private final HttpClients http;
    private final Results results;

    /**
     * Starts a system.
     *
     * @param smallDisks whether the disks shall be such as can be filled, where possible
     * @param drain how long after the load everything may take to be answered
     */
    Session(Path directory, boolean smallDisks, Layout layout, String locking, Duration drain) {
        this.locking = locking;
        this.drain = drain;
        system = new SystemUnderTest(directory, smallDisks, layout, locking);
        kafka = new KafkaClients(system.bootstrapServers(), system.topics().commands(), journal);
        http = new HttpClients(system.gatewayUrl(), journal);
        results = new Results(system.bootstrapServers(), system.topics());
    }

    SystemUnderTest system() {
        return system;
    }

    Journal journal() {
        return journal;
    }

    /** Waits until the first command is answered; the time it takes to start is not part of any round. */
    void awaitReady() throws InterruptedException {
        Workload first = new Workload(0, "first");
        first.events().forEach(kafka::send);
        kafka.flush();
        if (!await(START, () -> results.unanswered(journal.offsets()).isEmpty() && http.isGatewayReady())) {
            throw new IllegalStateException(
                    "the system did not answer within " + START.toSeconds() + " s of its start");
        }
    }

    Round round(int number, long seed, Fault fault, int rate) throws InterruptedException {
        long acknowledgedBefore = journal.acknowledgements();
        long answeredBefore = journal.answerCount();
        Random random = new Random(seed);
        long over;
        try (Load load = new Load(new Workload(random.nextLong(), "round-" + number), seed, kafka, http, rate)) {
            load.start();
            Thread.sleep(BEFORE.toMillis());
            fault.happen(system, random);
            over = System.nanoTime();
            results.watch(journal.ends());
            Thread.sleep(AFTER.toMillis());
            var unused = await(RECOVERY, this::isRecovered);
        }
        fault.afterwards(system);
        kafka.flush();
        List<String> violations = new ArrayList<>();
        if (!http.awaitAnswers(drain)) {
            violations.add("I7: some HTTP clients had no answer for " + drain.toSeconds() + " s");
        }
        var unused = await(drain, this::isAllAnswered);
        Duration recovery = recovery(over);
        violations.addAll(violations(recovery));
        violations.addAll(audit());
        journal.forget();
        return new Round(
                number,
                seed,
                fault,
                locking,
                journal.acknowledgements() - acknowledgedBefore,
                journal.answerCount() - answeredBefore,
                recovery,
                violations);
    }

    /** Whether commands were taken since the fault, and every partition that they went to has answered one of them. */
    private boolean isRecovered() {
        Map<Integer, Long> from = results.watched();
        List<Integer> asked = journal.ends().entrySet().stream()
                .filter(end -> end.getValue() > from.getOrDefault(end.getKey(), 0L))
                .map(Map.Entry::getKey)
                .toList();
        return !asked.isEmpty() && results.recovered().keySet().containsAll(asked);
    }

    /** Whether all that was acknowledged is answered, and all that HTTP answered is published. */
    private boolean isAllAnswered() {
        return results.unanswered(journal.offsets()).isEmpty()
                && journal.answers().stream().allMatch(results::contain);
    }

    private Duration recovery(long over) {
        long longest = 0;
        for (Map.Entry<Integer, Results.Recovered> partition :
                results.recovered().entrySet()) {
            Results.Recovered first = partition.getValue();
            long since = Math.max(
                    over, journal.sentAt(partition.getKey(), first.offset()).orElse(over));
            longest = Math.max(longest, first.nanos() - since);
        }
        return Duration.ofNanos(longest);
    }

    private List<String> violations(Duration recovery) {
        List<String> violations = new ArrayList<>();
        List<String> unanswered = results.unanswered(journal.offsets());
        if (!unanswered.isEmpty()) {
            violations.add("I6: " + unanswered.size() + " acknowledged commands have no answer: " + some(unanswered));
        }
        results.takeViolations().forEach(violation -> violations.add("I2: " + violation));
        journal.takeBadAnswers().forEach(answer -> violations.add("I7: " + answer));
        for (Journal.Answer answer : journal.answers()) {
            if (!results.contain(answer)) {
                violations.add("I7: HTTP answered " + answer + ", which is no result");
            }
        }
        if (recovery.compareTo(RECOVERY) > 0) {
            violations.add("I11: the next result came after " + recovery.toMillis() + " ms");
        }
        system.ended().forEach(name -> violations.add(name + " ended by itself"));
        return violations;
    }

    /** Checks everything since the system was started, from its topics and tables alone. */
    private List<String> audit() {
        AuditReport report = Audit.run(
                AuditSettings.from(Map.of(
                        "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                        system.bootstrapServers(),
                        "BOOKING_DATABASE_URL",
                        system.databaseUrl())),
                step -> {});
        return report.promises().stream()
                .filter(promise -> promise.verdict() != Verdict.HOLDS)
                .map(promise -> "audit, " + promise.promise() + " " + promise.verdict() + ": " + promise.violations()
                        + " " + some(promise.unknown())
                        + some(promise.offenders().stream()
                                .map(Offender::toString)
                                .toList()))
                .toList();
    }

    private static String some(List<String> all) {
        return String.join(", ", all.subList(0, Math.min(MOST_NAMED, all.size())));
    }

    private static boolean await(Duration time, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(20);
        }
        return true;
    }

    @Override
    public void close() {
        http.close();
        results.close();
        kafka.close();
        system.close();
    }
}
