package booking.auditor;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * What had been written when the audit began is decided before long, readers of committed records are kept waiting by
 * nobody, and holds that have run out are ended.
 */
final class LivenessCheck {
    /** Much longer than a processor takes to end them, even when the first command to do so was refused. */
    private static final Duration OVERDUE = Duration.ofSeconds(60);

    private final AuditSettings settings;
    private final Broker broker;
    private final Findings findings;
    private final Set<TopicPartition> commands;
    private final Set<TopicPartition> all;
    private final Map<TopicPartition, Long> written;
    private final Map<TopicPartition, Long> readable;
    private final long beganAt = System.nanoTime();

    /** Notes how far everything is. */
    LivenessCheck(AuditSettings settings, Broker broker, LogReader reader, Findings findings) {
        this.settings = settings;
        this.broker = broker;
        this.findings = findings;
        this.commands = Set.copyOf(reader.partitions(settings.topics().commands()));
        this.all = new HashSet<>(commands);
        all.addAll(reader.partitions(
                settings.topics().results(),
                settings.topics().availability(),
                settings.topics().deadLetters()));
        this.written = broker.ends(all, IsolationLevel.READ_UNCOMMITTED);
        this.readable = broker.ends(commands, IsolationLevel.READ_COMMITTED);
    }

    /**
     * Waits as long as a system may take, and looks again.
     *
     * @param decided by partition, how far the tables say that the commands were decided
     */
    void check(TableSnapshot tables, Map<Integer, Long> decided) {
        findings.count(Promise.LIVENESS, "partitions", all.size());
        Map<TopicPartition, Long> behind = behind();
        Set<TopicPartition> held = heldBack();
        while (!(behind.isEmpty() && held.isEmpty())
                && System.nanoTime() - beganAt < settings.patience().toNanos()) {
            Pause.briefly();
            behind = behind();
            held = heldBack();
        }
        if (isAnotherGroup(decided)) {
            String reason = "group " + settings.group() + " has committed nothing in "
                    + settings.topics().commands()
                    + ", though its commands were decided: is that the processors' group (BOOKING_PROCESSOR_GROUP)?";
            findings.unknown(Promise.LIVENESS, reason);
            findings.unknown(Promise.PROGRESS, reason);
        } else {
            behind.forEach(
                    (partition, done) -> checkBehind(partition, done, decided.getOrDefault(partition.partition(), 0L)));
        }
        if (!held.isEmpty()) {
            checkHeldBack(held);
        }
        Instant ranOutBefore = tables.takenAt().minus(OVERDUE);
        if (countHolds(tables, ranOutBefore) > 0) {
            checkHoldsAgain(ranOutBefore);
        }
        long lag = broker.ends(commands, IsolationLevel.READ_COMMITTED).entrySet().stream()
                .mapToLong(end -> end.getValue() - committed(broker.committedOffsets(), end.getKey()))
                .sum();
        findings.count(Promise.LIVENESS, "lag", lag);
    }

    /**
     * Looks again for the holds that had run out: a processor that has just come back needs a moment to end them, and where
     * there is none nobody can.
     */
    private void checkHoldsAgain(Instant ranOutBefore) {
        long left = countHoldsNow(ranOutBefore);
        while (left > 0 && System.nanoTime() - beganAt < settings.patience().toNanos()) {
            Pause.briefly();
            left = countHoldsNow(ranOutBefore);
        }
        if (left == 0) {
            return;
        }
        if (!broker.hasGroupMembers()) {
            findings.unknown(
                    Promise.LIVENESS,
                    "group " + settings.group() + " has no members: no processor is there to end " + left
                            + " holds that have run out");
            return;
        }
        try (TableSnapshot now = TableSnapshot.take(settings)) {
            now.readHoldsThatRanOutBefore(
                    ranOutBefore,
                    row -> findings.violation(
                            Promise.LIVENESS,
                            Offender.of(
                                    "hold " + row.getString("id") + " of event " + row.getString("event_id")
                                            + " ended, as it ran out at "
                                            + TableSnapshot.instant(row, "hold_expires_at"),
                                    "it still takes its seats at " + now.takenAt())));
        }
    }

    private long countHoldsNow(Instant ranOutBefore) {
        try (TableSnapshot now = TableSnapshot.take(settings)) {
            return countHolds(now, ranOutBefore);
        }
    }

    private static long countHolds(TableSnapshot tables, Instant ranOutBefore) {
        long[] holds = {0};
        tables.readHoldsThatRanOutBefore(ranOutBefore, row -> holds[0]++);
        return holds[0];
    }

    /** Who decides commits offsets; so a group without any is not that of the processors, or its offsets have expired. */
    private boolean isAnotherGroup(Map<Integer, Long> decided) {
        return decided.values().stream().anyMatch(next -> next > 0)
                && broker.committedOffsets().isEmpty();
    }

    /** The partitions whose commands are not all done, with how far they are. */
    private Map<TopicPartition, Long> behind() {
        Map<Integer, Long> committed = broker.committedOffsets();
        Map<TopicPartition, Long> behind = new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
        readable.forEach((partition, end) -> {
            long done = committed(committed, partition);
            if (done < end) {
                behind.put(partition, done);
            }
        });
        return behind;
    }

    private static long committed(Map<Integer, Long> committed, TopicPartition partition) {
        return committed.getOrDefault(partition.partition(), 0L);
    }

    /** The partitions of which not all that was written can be read. */
    private Set<TopicPartition> heldBack() {
        Set<TopicPartition> held = new HashSet<>();
        broker.ends(all, IsolationLevel.READ_COMMITTED).forEach((partition, end) -> {
            if (end < Objects.requireNonNullElse(written.get(partition), 0L)) {
                held.add(partition);
            }
        });
        return held;
    }

    private void checkBehind(TopicPartition partition, long done, long decided) {
        long end = Objects.requireNonNull(readable.get(partition));
        long beginning = broker.beginning(partition);
        try {
            // What is deleted without having been decided is lost; what is left is looked at.
            Optional<Long> first = FirstCommand.between(
                    settings, partition, beginning <= decided ? Math.max(done, beginning) : done, end);
            first.ifPresent(offset -> findings.violation(
                    Promise.LIVENESS,
                    Offender.at(
                            partition.partition(),
                            offset,
                            Optional.empty(),
                            "group " + settings.group() + " at offset " + end + " within "
                                    + settings.patience().toSeconds() + " s",
                            "it is at " + done)));
        } catch (CutShortException e) {
            findings.violation(
                    Promise.LIVENESS,
                    Offender.at(
                            partition.partition(),
                            done,
                            Optional.empty(),
                            "group " + settings.group() + " at offset " + end,
                            "it is at " + done + ", and " + e.reason()));
        }
    }

    /**
     * Only processors write to the other topics, and their transactions are short. To the commands anybody may write, for
     * as long as the timeout of its own.
     */
    private void checkHeldBack(Set<TopicPartition> held) {
        List<TransactionDescription> open = broker.openTransactions(held);
        for (TopicPartition partition : held) {
            Optional<TransactionDescription> holder = open.stream()
                    .filter(transaction -> transaction.topicPartitions().contains(partition))
                    .findFirst();
            if (commands.contains(partition) && holder.filter(this::isInTime).isPresent()) {
                findings.unknown(
                        Promise.LIVENESS,
                        "a sender's transaction is open in " + partition + "; look again when it has ended");
                continue;
            }
            findings.violation(
                    Promise.LIVENESS,
                    Offender.of(
                            partition + " readable up to offset " + written.get(partition),
                            "held back by "
                                    + holder.map(transaction ->
                                                    "the open transaction of producer " + transaction.producerId())
                                            .orElse("a transaction that no coordinator knows")));
        }
    }

    private boolean isInTime(TransactionDescription transaction) {
        return transaction.transactionStartTimeMs().isPresent()
                && Instant.ofEpochMilli(transaction.transactionStartTimeMs().getAsLong())
                        .plusMillis(transaction.transactionTimeoutMs())
                        .isAfter(Instant.now());
    }
}
