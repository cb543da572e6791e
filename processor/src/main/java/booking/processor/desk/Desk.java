package booking.processor.desk;

import booking.processor.desk.StepTimes.Step;
import booking.processor.store.BookingStore;
import booking.processor.store.ConflictException;
import booking.processor.store.DatabaseFailure;
import booking.processor.store.Locking;
import booking.processor.store.Wanted;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides a poll of commands in one database transaction: fence, look back, load, decide, save. When it returns, the
 * outcomes are durable and may be published; when it throws, nothing may be published. Safe for use by many threads.
 */
public final class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    /** Taking in is the one step in which no command depends on another, so a full batch is shared among the cores. */
    private static final int WORTH_SHARING = 256;

    private static final int CONTENTION_RETRIES = 5;
    private static final Duration FIRST_CONTENTION_DELAY = Duration.ofMillis(5);
    private static final Duration FIRST_RECONNECT_DELAY = Duration.ofMillis(50);
    private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofSeconds(1);

    private final TransactionTemplate transactions;
    private final BookingStore store;
    private final Locking locking;
    private final UUID topicId;
    private final RetryTemplate contention;
    private final RetryTemplate reconnection;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean databaseReachable = new AtomicBoolean(true);
    private final CommandDecoder decoder = new CommandDecoder();
    private final CommandEncoder encoder = new CommandEncoder();
    private final List<DeskWatch> watches;
    private final CommittedProgress committed = new CommittedProgress();

    /**
     * A desk for the commands of one topic.
     *
     * @param topicId of the commands topic; a topic that is made anew has another one, and starts at offset 0
     * @param patience how long to wait for a database that is away before giving the poll back
     * @param watches are told what becomes of polls
     */
    public Desk(
            TransactionTemplate transactions,
            BookingStore store,
            Locking locking,
            UUID topicId,
            Duration patience,
            DeskWatch... watches) {
        this.transactions = transactions;
        this.store = store;
        this.locking = locking;
        this.topicId = topicId;
        this.watches = List.of(watches);
        this.contention = new RetryTemplate(RetryPolicy.builder()
                .maxRetries(CONTENTION_RETRIES)
                .delay(FIRST_CONTENTION_DELAY)
                .multiplier(2)
                .jitter(FIRST_CONTENTION_DELAY)
                .predicate(Desk::isContention)
                .build());
        this.reconnection = new RetryTemplate(RetryPolicy.builder()
                .maxRetries(Long.MAX_VALUE)
                .timeout(patience)
                .delay(FIRST_RECONNECT_DELAY)
                .multiplier(2)
                .maxDelay(LONGEST_RECONNECT_DELAY)
                .predicate(this::isWorthWaitingFor)
                .build());
    }

    /** Stops waiting for a database that is away. */
    public void close() {
        closing.set(true);
    }

    /**
     * A partition is handed to this thread. Before the first of its commands is decided here, it is compared with what others
     * may have decided of it.
     */
    public void takeOver(int partition, TakeoverCheck check) {
        committed.takeOver(partition, check);
    }

    /**
     * Decides all commands of a poll.
     *
     * @param poll one batch for each partition
     * @return the answers to each batch, by partition
     */
    public Map<Integer, BatchAnswers> decide(List<CommandBatch> poll) {
        List<CommandBatch> batches = poll.stream()
                .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
                .toList();
        Attempts attempts = new Attempts();
        List<Incoming> commands = attempts.times.time(Step.TAKE_IN, () -> takeIn(batches));
        Concessions concessions = new Concessions();
        Map<Integer, BatchAnswers> answers;
        try {
            answers = reconnection.invoke(() -> decideDespiteContention(batches, commands, concessions, attempts));
        } catch (RuntimeException failure) {
            UndecidedPoll undecided = new UndecidedPoll(
                    batches,
                    attempts.sinceBegin(),
                    attempts.count,
                    attempts.lastFailure.orElseGet(() -> FailedAttempt.of(failure)));
            watches.forEach(watch -> watch.gaveBack(undecided));
            throw failure;
        }
        if (!databaseReachable.getAndSet(true)) {
            LOG.info("The database is back");
        }
        DecidedPoll decided = new DecidedPoll(
                batches,
                answers,
                attempts.sinceBegin(),
                attempts.transaction,
                attempts.times,
                attempts.count,
                attempts.lastFailure);
        watches.forEach(watch -> watch.decided(decided));
        return answers;
    }

    /** What has been tried with one poll so far. Used by one thread. */
    private static final class Attempts {
        private final long begunNanos = System.nanoTime();
        private final StepTimes times = new StepTimes();
        private int count;
        private Duration transaction = Duration.ZERO;
        private Optional<FailedAttempt> lastFailure = Optional.empty();

        private Duration sinceBegin() {
            return Duration.ofNanos(System.nanoTime() - begunNanos);
        }
    }

    private List<Incoming> takeIn(List<CommandBatch> batches) {
        List<ConsumerRecord<byte[], byte[]>> records =
                batches.stream().flatMap(batch -> batch.records().stream()).toList();
        Stream<ConsumerRecord<byte[], byte[]>> work =
                records.size() < WORTH_SHARING ? records.stream() : records.parallelStream();
        return work.map(record -> Incoming.of(record, decoder, encoder)).toList();
    }

    private Map<Integer, BatchAnswers> decideDespiteContention(
            List<CommandBatch> batches, List<Incoming> commands, Concessions concessions, Attempts attempts) {
        for (; ; ) {
            try {
                return contention.invoke(() -> attempt(batches, commands, concessions, attempts));
            } catch (RuntimeException failure) {
                if (!concede(failure, commands, concessions)) {
                    throw failure;
                }
            }
        }
    }

    private Map<Integer, BatchAnswers> attempt(
            List<CommandBatch> batches, List<Incoming> commands, Concessions concessions, Attempts attempts) {
        long begunNanos = System.nanoTime();
        AtomicLong decidedNanos = new AtomicLong();
        attempts.count++;
        try {
            Map<Integer, BatchAnswers> answers = inTransaction(status -> {
                Map<Integer, BatchAnswers> decided = new DeskTransaction(
                                store, locking, topicId, committed, concessions, status, attempts.times)
                        .decide(batches, commands);
                decidedNanos.set(System.nanoTime());
                return decided;
            });
            long committedNanos = System.nanoTime();
            committed.moveTo(nextOffsets(batches));
            attempts.times.add(Step.COMMIT, committedNanos - decidedNanos.get());
            attempts.transaction = Duration.ofNanos(committedNanos - begunNanos);
            return answers;
        } catch (RuntimeException failure) {
            FailedAttempt failed = FailedAttempt.of(failure);
            attempts.lastFailure = Optional.of(failed);
            Duration took = Duration.ofNanos(System.nanoTime() - begunNanos);
            watches.forEach(watch -> watch.failed(failed, took));
            throw failure;
        }
    }

    /** Where each partition goes on behind these batches. */
    static Map<Integer, Long> nextOffsets(List<CommandBatch> batches) {
        Map<Integer, Long> nextOffsets = new TreeMap<>();
        batches.forEach(batch -> nextOffsets.put(batch.partition(), batch.nextOffset()));
        return nextOffsets;
    }

    /** Concedes what the failure shows to be out of reach, so that all other commands are decided; false when it shows nothing new. */
    private boolean concede(RuntimeException failure, List<Incoming> commands, Concessions concessions) {
        if (failure instanceof ConflictException conflict) {
            LOG.atWarn()
                    .setMessage("Other writers keep changing events")
                    .addKeyValue("eventIds", conflict.eventIds())
                    .log();
            return concessions.giveUp(conflict.eventIds());
        }
        if (failure instanceof FenceException) {
            // Not the commands are contended, but who decides them; that will be settled before long.
            return false;
        }
        DatabaseFailure cause = DatabaseFailure.of(failure);
        return switch (cause.kind()) {
            case TRY_AGAIN -> {
                Set<String> locked = inTransaction(status -> store.lockedByOthers(wanted(commands)));
                LOG.atWarn()
                        .setMessage("Other writers keep events locked, or a statement took too long")
                        .addKeyValue("sqlState", cause.sqlState())
                        .addKeyValue("eventIds", locked)
                        .log();
                // What else can be locked, such as a slot that somebody is about to take, cannot be seen; nor what has
                // made the tables work for too long.
                yield concessions.giveUp(locked)
                        || ((cause.isLockWait() || cause.isOutOfTime()) && concessions.lookForTheCulprit());
            }
            case CAUSED_BY_A_COMMAND -> {
                LOG.atWarn()
                        .setMessage("A command asks for what the tables refuse")
                        .addKeyValue("sqlState", cause.sqlState())
                        .addKeyValue("constraint", cause.constraint().orElse("none"))
                        .log();
                yield concessions.lookForTheCulprit();
            }
            case RECONNECT, STOP -> false;
        };
    }

    private <T> T inTransaction(TransactionCallback<T> work) {
        return Objects.requireNonNull(transactions.execute(work), "a transaction gives a result");
    }

    private static Wanted wanted(List<Incoming> commands) {
        Wanted wanted = new Wanted();
        for (Incoming command : commands) {
            if (command instanceof Incoming.Valid valid) {
                wanted.add(valid.command(), valid.at());
            }
        }
        return wanted;
    }

    private static boolean isContention(Throwable failure) {
        if (failure instanceof ConflictException) {
            return true;
        }
        DatabaseFailure cause = DatabaseFailure.of(failure);
        // Who has waited for a lock in vain has waited long enough: all other commands wait with it.
        return cause.kind() == DatabaseFailure.Kind.TRY_AGAIN && !cause.isLockWait();
    }

    private boolean isWorthWaitingFor(Throwable failure) {
        DatabaseFailure cause = DatabaseFailure.of(failure);
        boolean away = cause.kind() == DatabaseFailure.Kind.RECONNECT;
        if (away && databaseReachable.getAndSet(false)) {
            LOG.atWarn()
                    .setMessage("The database is away; waiting for it")
                    .addKeyValue("sqlState", cause.sqlState())
                    .setCause(failure)
                    .log();
        }
        return !closing.get() && (away || cause.kind() == DatabaseFailure.Kind.TRY_AGAIN);
    }
}
