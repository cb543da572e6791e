package booking.auditor;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.h2.mvstore.MVStoreException;
import org.springframework.dao.DataAccessException;

/**
 * One audit of a system, running or not: it reads the topics and the tables, writes nothing to either, and says of each
 * promise whether it holds.
 */
public final class Audit {
    /** Those that need everything that was published. */
    static final List<Promise> FROM_THE_LOG = List.of(Promise.ANSWERS, Promise.REPEATS, Promise.TABLES, Promise.ORDER);

    private static final List<Promise> BY_THE_MODEL = List.of(Promise.TABLES, Promise.ORDER);

    private final AuditSettings settings;
    private final Consumer<String> progress;
    private final Findings findings = new Findings();

    private Audit(AuditSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Audits a system.
     *
     * @param progress is told now and then what is being done, and nothing when all is
     * @throws AuditFailedException when the brokers or the database cannot be asked
     */
    public static AuditReport run(AuditSettings settings, Consumer<String> progress) {
        try {
            return new Audit(settings, progress).run();
        } catch (KafkaException e) {
            throw new AuditFailedException(
                    "cannot read Kafka at " + settings.kafka().bootstrapServers() + ": " + e.getMessage(), e);
        } catch (DataAccessException e) {
            throw new AuditFailedException("cannot read the database: " + e.getMessage(), e);
        } catch (MVStoreException e) {
            throw Scratch.failed(e);
        }
    }

    private AuditReport run() {
        try (Broker broker = new Broker(settings);
                LogReader reader = new LogReader(settings);
                Scratch scratch = new Scratch()) {
            UUID topicId = broker.commandsTopicId();
            LivenessCheck liveness = new LivenessCheck(settings, broker, reader, findings);
            // Before the tables: the progress in them is saved first, so it can only be further.
            Map<Integer, Long> committed = broker.committedOffsets();
            try (TableSnapshot tables = TableSnapshot.take(settings)) {
                SortedMap<Integer, Long> decided = tables.progress(topicId);
                new ProgressCheck(settings, findings).check(committed, decided);
                checkLog(broker, reader, scratch, tables, topicId, decided);
                progress.accept("waiting until all is decided that was there");
                liveness.check(tables, decided);
            }
            progress.accept("");
            return findings.report();
        }
    }

    private void checkLog(
            Broker broker,
            LogReader reader,
            Scratch scratch,
            TableSnapshot tables,
            UUID topicId,
            SortedMap<Integer, Long> decided) {
        List<TopicPartition> partitions = reader.partitions(settings.topics().commands());
        Map<TopicPartition, Long> beginnings = reader.beginnings(partitions);
        boolean moved = tables.knowsOtherTopics(topicId);
        boolean whole = isWhole(beginnings, moved);
        Instant forgottenBefore = forgottenBefore(broker, tables.takenAt());
        try (Dispositions dispositions = new Dispositions(settings, scratch, findings)) {
            Model model = new Model(scratch);
            RunningSums sums = new RunningSums(scratch, findings, moved);
            Walk walk = new Walk(dispositions, model, sums, scratch, findings, whole, moved, forgottenBefore);
            TableChecks checks = new TableChecks(tables, dispositions, findings);
            try {
                progress.accept("reading results and dead letters");
                dispositions.readOn();
                Map<Integer, Long> walked = walk(partitions, beginnings, decided, reader, walk);
                dispositions.allBelowHaveTheirs(walked);
                walk.finish(partitions.size());
                dispositions.readOn();
                walk.requireNothingPublishedBeyond(reader.ends(partitions));
                progress.accept("comparing the tables");
                checks.checkSums();
                if (whole) {
                    checks.checkRows(model);
                } else if (!moved) {
                    checks.checkLastResults(sums);
                }
                checks.checkOutcomes(
                        walk.known(), whole, position -> !moved && isKept(position, beginnings), forgottenBefore);
                AvailabilityCheck availability = new AvailabilityCheck(settings, scratch, findings);
                availability.read();
                availability.compareWith(tables, isLive(reader.ends(partitions), decided), moved);
            } catch (CutShortException e) {
                FROM_THE_LOG.forEach(promise -> findings.unknown(promise, e.reason()));
                // Nor have all counters been seen.
                findings.unknown(Promise.SEATS, e.reason());
            }
            long spread = dispositions.spreadEvents();
            if (spread > 0) {
                BY_THE_MODEL.forEach(promise -> findings.unknown(
                        promise,
                        spread + " events have commands in several partitions, as a sender uses another partitioner:"
                                + " nobody can tell their order"));
            }
        }
    }

    /** Outcomes are removed when they are older than both what the topic keeps and what the processors are told to keep. */
    private Instant forgottenBefore(Broker broker, Instant now) {
        Duration outcomes = settings.outcomeRetention();
        return broker.commandsRetention()
                .map(commands -> now.minus(commands.compareTo(outcomes) > 0 ? commands : outcomes))
                .orElse(Instant.MIN);
    }

    /** Whether all that the tables were made of can still be read. */
    private boolean isWhole(Map<TopicPartition, Long> beginnings, boolean moved) {
        Optional<TopicPartition> shortened = beginnings.entrySet().stream()
                .filter(beginning -> beginning.getValue() > 0)
                .map(Map.Entry::getKey)
                .findFirst();
        shortened.ifPresent(partition -> BY_THE_MODEL.forEach(promise -> findings.unknown(
                promise,
                "the first commands are no longer kept: " + partition + " begins at offset "
                        + beginnings.get(partition))));
        if (moved) {
            BY_THE_MODEL.forEach(promise -> findings.unknown(
                    promise, "the tables also hold what was decided from another topic than this one"));
        }
        return shortened.isEmpty() && !moved;
    }

    private boolean isKept(Dispositions.Source position, Map<TopicPartition, Long> beginnings) {
        TopicPartition partition = new TopicPartition(settings.topics().commands(), position.partition());
        return position.offset() >= beginnings.getOrDefault(partition, 0L);
    }

    private Map<Integer, Long> walk(
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> beginnings,
            SortedMap<Integer, Long> decided,
            LogReader reader,
            Walk walk) {
        Map<Integer, Long> walked = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long from = Objects.requireNonNull(beginnings.get(partition));
            long until = decided.getOrDefault(partition.partition(), 0L);
            walk.takeForgotten(partition.partition(), from);
            if (from < until) {
                progress.accept("following partition " + partition.partition() + " to offset " + until);
                long[] next = {from};
                reader.start(Map.of(partition, from));
                reader.readTo(Map.of(partition, until), record -> {
                    if (record.offset() < until) {
                        walk.requireNothingPublishedAbout(partition.partition(), next[0], record.offset());
                        walk.take(record);
                        next[0] = record.offset() + 1;
                    }
                });
                walk.requireNothingPublishedAbout(partition.partition(), next[0], until);
                walked.put(partition.partition(), until);
            }
        }
        return walked;
    }

    /** Whether there are commands beyond those that are audited; a transaction's marker is none. */
    private boolean isLive(Map<TopicPartition, Long> ends, SortedMap<Integer, Long> decided) {
        return ends.entrySet().stream().anyMatch(end -> {
            long from = decided.getOrDefault(end.getKey().partition(), 0L);
            return from < end.getValue()
                    && FirstCommand.between(settings, end.getKey(), from, end.getValue())
                            .isPresent();
        });
    }
}
