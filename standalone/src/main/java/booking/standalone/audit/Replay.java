package booking.standalone.audit;

import booking.embedded.EmbeddedServerException;
import booking.processor.desk.Desk;
import booking.processor.store.BookingDatabase;
import booking.processor.store.Locking;
import booking.standalone.audit.ReplayReport.TableReport;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.NestedRuntimeException;

/**
 * Decides the log once more, in an empty database and with the processor's own desk, and compares what comes out with what
 * is in the database of a system, which may be running.
 */
public final class Replay {
    /** A database of its own that is full, or gone, is so for good. */
    private static final Duration SCRATCH_PATIENCE = Duration.ofSeconds(10);

    private final ReplaySettings settings;
    private long commands;
    private Duration deciding = Duration.ZERO;

    private Replay(ReplaySettings settings) {
        this.settings = settings;
    }

    /** Replays. What goes wrong on the way makes the verdict unknown, never good. */
    public static ReplayReport run(ReplaySettings settings) {
        return new Replay(settings).run();
    }

    private ReplayReport run() {
        try (Snapshot audited = Snapshot.of(settings.audited())) {
            return compareWith(audited);
        } catch (CannotReplayException e) {
            return ReplayReport.unknown(String.valueOf(e.getMessage()), commands, deciding);
        } catch (EmbeddedServerException | UncheckedIOException e) {
            return ReplayReport.unknown(
                    "there is no PostgreSQL to replay into, in " + System.getProperty("java.io.tmpdir") + ": "
                            + e.getMessage(),
                    commands,
                    deciding);
        } catch (SQLException | KafkaException | NestedRuntimeException e) {
            return ReplayReport.unknown(
                    "the replay was cut short: " + NestedExceptionUtils.getMostSpecificCause(e), commands, deciding);
        }
    }

    private ReplayReport compareWith(Snapshot audited) throws SQLException {
        ReplayedTopic topic = ReplayedTopic.of(settings.kafka(), settings.commandsTopic());
        // The progress moves in the transaction that saves what was decided. So the tables of this snapshot are what
        // became of exactly the commands up to there, even while a processor goes on.
        SortedMap<Integer, Long> progress = audited.progress(topic.id());
        List<UUID> others = audited.otherTopics(topic.id());
        if (!others.isEmpty()) {
            throw new CannotReplayException("the tables also keep what was decided for other topics, with the ids "
                    + others + "; this topic alone does not say what became of them");
        }
        try (ScratchDatabase scratch = scratch()) {
            decide(progress, topic.id(), scratch);
            try (Snapshot replayed = Snapshot.of(scratch.settings())) {
                if (!audited.columns().equals(replayed.columns())) {
                    throw new CannotReplayException(
                            "the tables are of another version of this software than the replay");
                }
                Pruned pruned = Pruned.at(
                        audited.takenAt(), settings.outcomeRetention(), topic.retention(), audited.oldestOutcome());
                List<TableReport> tables = new TableComparison(audited, replayed, pruned).compareAll();
                return ReplayReport.of(commands, deciding, tables);
            }
        }
    }

    private ScratchDatabase scratch() throws SQLException {
        return settings.scratch().isPresent()
                ? ScratchDatabase.in(settings.scratch().orElseThrow())
                : ScratchDatabase.temporary();
    }

    private void decide(SortedMap<Integer, Long> until, UUID topicId, ScratchDatabase scratch) {
        long start = System.nanoTime();
        try (CommandsToReplay log = new CommandsToReplay(settings.kafka(), settings.commandsTopic(), until);
                BookingDatabase database = new BookingDatabase(scratch.settings())) {
            Desk desk =
                    new Desk(database.transactions(), database.store(), Locking.OPTIMISTIC, topicId, SCRATCH_PATIENCE);
            ReplayBatch batch = new ReplayBatch();
            Optional<ConsumerRecord<byte[], byte[]>> next = log.next();
            while (next.isPresent()) {
                if (!batch.take(next.orElseThrow())) {
                    decide(batch, desk);
                    batch = new ReplayBatch();
                    batch.take(next.orElseThrow());
                }
                next = log.next();
            }
            decide(batch, desk);
        } finally {
            deciding = Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private void decide(ReplayBatch batch, Desk desk) {
        if (batch.size() > 0) {
            desk.decide(batch.byPartition());
            commands += batch.size();
        }
    }
}
