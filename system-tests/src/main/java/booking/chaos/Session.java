package booking.chaos;

import booking.auditor.Audit;
import booking.auditor.AuditReport;
import booking.auditor.AuditSettings;
import booking.auditor.Offender;
import booking.auditor.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** The clients that use a system while it goes through rounds. */
final class Session implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration BEFORE = Duration.ofMillis(1_500);
    private static final Duration AFTER = Duration.ofSeconds(2);
    private static final int MOST_NAMED = 10;

    private final SystemUnderTest system;
    private final String locking;
    private final Patience patience;
    private final Journal journal = new Journal();
    private final KafkaClients kafka;
    private final HttpClients http;
    private final Results results;

    /**
     * Connects to a system.
     *
     * @param locking how it locks, for the table
     */
    Session(SystemUnderTest system, String locking, Patience patience) {
        this.system = system;
        this.locking = locking;
        this.patience = patience;
        results = new Results(system.bootstrapServers(), system.topics());
        kafka = new KafkaClients(system.bootstrapServers(), system.topics().commands(), journal);
        http = new HttpClients(system.gatewayUrl(), journal);
    }

    HttpClients http() {
        return http;
    }

    Journal journal() {
        return journal;
    }

    /** Waits until the first command is answered; the time it takes to start is not part of any round. */
    void awaitReady() throws InterruptedException {
        Workload first = new Workload(0, "first");
        first.events().forEach(kafka::send);
        kafka.flush();
        List<ProcessWatch.Ended> ended = new ArrayList<>();
        boolean isReady = Waiting.until(START, () -> {
            ended.addAll(system.takeEnded());
            return !ended.isEmpty() || (results.unanswered(journal.offsets()).isEmpty() && http.isGatewayReady());
        });
        if (!ended.isEmpty()) {
            throw new IllegalStateException(ended.stream()
                    .map(one -> one.name() + " ended while starting" + one.lastWords())
                    .collect(Collectors.joining("\n")));
        }
        if (!isReady) {
            throw new IllegalStateException(
                    "the system did not answer within " + START.toSeconds() + " s of its start");
        }
    }

    /** Load, a fault, its end, everything answered, everything checked. */
    Round round(int number, long seed, Fault fault, int rate) throws InterruptedException {
        return unauditedRound(number, seed, fault, rate).with(audit());
    }

    /** A round in which only what clients see is checked. */
    Round unauditedRound(int number, long seed, Fault fault, int rate) throws InterruptedException {
        long acknowledgedBefore = journal.acknowledgements();
        long answeredBefore = journal.answerCount();
        long failedBefore = kafka.failed();
        Random random = new Random(seed);
        Effect effect;
        long over;
        boolean isServed;
        try (Load load = new Load(new Workload(random.nextLong(), "round-" + number), seed, kafka, http, rate)) {
            load.start();
            Thread.sleep(BEFORE.toMillis());
            effect = fault.happen(system, random);
            over = System.nanoTime();
            results.watch(journal.ends());
            // Whether the load goes to all of them is a matter of chance.
            kafka.sendToEachPartition();
            Thread.sleep(AFTER.toMillis());
            var unused = Waiting.until(patience.recovery(), this::isRecovered);
            Duration since = Duration.ofNanos(System.nanoTime() - over);
            isServed = Waiting.until(patience.recovery().minus(since), http::isGatewayReady);
        }
        fault.afterwards(system);
        kafka.flush();
        List<String> violations = new ArrayList<>();
        if (!isServed) {
            violations.add("I11: the gateway was not ready within "
                    + patience.recovery().toSeconds() + " s");
        }
        if (!http.awaitAnswers(patience.drain())) {
            violations.add("I7: some HTTP clients had no answer for "
                    + patience.drain().toSeconds() + " s");
        }
        var unused = Waiting.until(patience.drain(), this::isAllAnswered);
        Optional<Duration> recovery = recovery(over);
        violations.addAll(violations(recovery));
        journal.forget();
        return new Round(
                number,
                seed,
                fault,
                effect,
                locking,
                journal.acknowledgements() - acknowledgedBefore,
                kafka.failed() - failedBefore,
                journal.answerCount() - answeredBefore,
                recovery,
                violations);
    }

    /** Whether every partition has taken a command since the fault, and answered it. */
    private boolean isRecovered() {
        return results.recovered().keySet().containsAll(kafka.partitions());
    }

    /** The partitions that took commands since the fault. */
    private List<Integer> askedSince() {
        Map<Integer, Long> from = results.watched();
        return journal.ends().entrySet().stream()
                .filter(end -> end.getValue() > from.getOrDefault(end.getKey(), 0L))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether all that was acknowledged is answered, and all that HTTP answered is published. */
    private boolean isAllAnswered() {
        return results.unanswered(journal.offsets()).isEmpty()
                && journal.answers().stream().allMatch(results::contain)
                && journal.taken().stream().allMatch(results::answer);
    }

    /** Until the last partition answered; empty when one did not. */
    private Optional<Duration> recovery(long over) {
        if (!isRecovered()) {
            return Optional.empty();
        }
        long longest = 0;
        for (Map.Entry<Integer, Results.Recovered> partition :
                results.recovered().entrySet()) {
            Results.Recovered first = partition.getValue();
            long since = Math.max(
                    over, journal.sentAt(partition.getKey(), first.offset()).orElse(over));
            longest = Math.max(longest, first.nanos() - since);
        }
        return Optional.of(Duration.ofNanos(longest));
    }

    private List<String> violations(Optional<Duration> recovery) {
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
        journal.taken().stream()
                .filter(taken -> !results.answer(taken))
                .forEach(taken -> violations.add("I7: HTTP answered " + taken + " with 202, and it has no result"));
        if (recovery.isEmpty()) {
            violations.add(notRecovered());
        } else if (recovery.get().compareTo(patience.recovery()) > 0) {
            violations.add("I11: the next result came after " + recovery.get().toMillis() + " ms");
        }
        system.takeEnded().forEach(ended -> violations.add(ended.told()));
        return violations;
    }

    private String notRecovered() {
        List<Integer> asked = askedSince();
        List<Integer> silent = kafka.partitions().stream()
                .filter(partition -> !results.recovered().containsKey(partition))
                .toList();
        return "I11: after the fault these partitions took no command: "
                + silent.stream()
                        .filter(partition -> !asked.contains(partition))
                        .toList()
                + ", and these took some and answered none: "
                + silent.stream().filter(asked::contains).toList();
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

    @Override
    public void close() {
        http.close();
        results.close();
        kafka.close();
    }
}
