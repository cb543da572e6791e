package booking.processor;

import booking.processor.desk.Answer;
import booking.processor.desk.BatchAnswers;
import booking.processor.desk.DecidedPoll;
import booking.processor.desk.DeskWatch;
import booking.processor.desk.FailedAttempt;
import booking.processor.desk.Occasion;
import booking.processor.desk.StepTimes.Step;
import booking.processor.desk.UndecidedPoll;
import booking.processor.followup.FollowUpWriter;
import booking.processor.stream.BookingStreams;
import booking.processor.stream.LagWatch;
import booking.schemas.command.CommandType;
import booking.schemas.command.Decoded;
import booking.schemas.result.Reason;
import booking.telemetry.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The processor's meters. Their names are told in {@code docs/metrics.md} and stay as they are.
 *
 * <p>Tens of thousands of commands a second are counted here: those of one poll are added up in an array, after its
 * commit, and only the sums go to the meters, which are looked up once and kept.
 */
final class ProcessorMeters implements DeskWatch {
    private static final double[] BATCH_SIZES = {1, 5, 10, 50, 100, 500, 1_000, 2_000, 4_000, 10_000, 20_000};
    private static final String NO_REASON = "none";
    private static final String NO_TYPE = "unknown";

    private static final CommandType[] TYPES = CommandType.values();
    private static final Reason[] REASONS = Reason.values();
    /** For each type, and for commands of no known type: accepted, and each reason of a refusal. */
    private static final int COLUMNS = 1 + REASONS.length;

    private static final int ROWS = 1 + TYPES.length;

    private final MeterRegistry registry;
    private final AtomicReferenceArray<@Nullable Counter> decided = new AtomicReferenceArray<>(ROWS * COLUMNS);
    private final Counter repeated;
    private final Counter replayed;
    private final Counter forgotten;
    private final Map<Decoded.Cause, Counter> deadLetters = new EnumMap<>(Decoded.Cause.class);
    private final DistributionSummary batchSizes;
    private final Timer batches;
    private final Timer committed;
    private final Timer rolledBack;
    private final Map<Step, Timer> steps = new EnumMap<>(Step.class);
    private final Map<FailedAttempt.Kind, Counter> failures = new EnumMap<>(FailedAttempt.Kind.class);
    private final Counter givenBack;
    private final Map<Integer, Gauge> lags = new ConcurrentHashMap<>();
    private volatile @Nullable LagLook lastLook;

    ProcessorMeters(MeterRegistry registry) {
        this.registry = registry;
        repeated = counter("booking.commands.repeated", "Commands sent again, which got their first answer again");
        replayed = counter(
                "booking.commands.replayed",
                "Records whose outcome was durable before, and was published again after a failure");
        forgotten = counter("booking.commands.forgotten", "Records read again so late that their outcome was pruned");
        for (Decoded.Cause cause : Decoded.Cause.values()) {
            deadLetters.put(
                    cause,
                    Counter.builder("booking.dead.letters")
                            .description("Records that nobody can be answered to")
                            .tag("reason", cause.name())
                            .register(registry));
        }
        for (Step step : Step.values()) {
            steps.put(
                    step,
                    Timer.builder("booking.batch.step")
                            .description("What the time of decided batches was spent on")
                            .tag("step", lowerCase(step))
                            .register(registry));
        }
        for (FailedAttempt.Kind kind : FailedAttempt.Kind.values()) {
            failures.put(
                    kind,
                    Counter.builder("booking.attempts.failed")
                            .description("Attempts at a batch that came to nothing, by what was in the way")
                            .tag("kind", lowerCase(kind))
                            .register(registry));
        }
        batchSizes = DistributionSummary.builder("booking.batch.commands")
                .description("Commands decided in one transaction")
                .serviceLevelObjectives(BATCH_SIZES)
                .register(registry);
        batches = latency("booking.batch", "From a poll in hand to its commit, with all attempts")
                .register(registry);
        committed = transaction("committed");
        rolledBack = transaction("rolled_back");
        givenBack = counter("booking.batches.given.back", "Batches given up undecided, to be polled again");
        for (int row = 1; row < ROWS; row++) {
            // From the beginning, so that their first increase is seen.
            counterOfDecided(row * COLUMNS);
        }
        Gauge.builder("booking.oldest.undecided", this, ProcessorMeters::oldestUndecidedSeconds)
                .description("Age of the oldest command that the group has not committed; 0 when there is none")
                .baseUnit("seconds")
                .register(registry);
    }

    @Override
    public void decided(DecidedPoll poll) {
        batches.record(poll.took());
        committed.record(poll.transaction());
        steps.forEach(
                (step, timer) -> timer.record(Duration.ofNanos(poll.steps().nanos(step))));
        int[] sums = new int[ROWS * COLUMNS];
        int records = 0;
        int repeats = 0;
        int replays = 0;
        for (BatchAnswers batch : poll.answers().values()) {
            records += batch.answers().size();
            for (int i = 0; i < batch.answers().size(); i++) {
                Answer answer = batch.answers().get(i);
                Occasion occasion = batch.occasions().get(i);
                if (answer instanceof Answer.Forgotten) {
                    forgotten.increment();
                } else if (occasion.kind() == Occasion.Kind.REPEATED) {
                    repeats++;
                } else if (occasion.kind() == Occasion.Kind.REPLAYED) {
                    replays++;
                } else if (answer instanceof Answer.Result result) {
                    sums[cell(result.type(), occasion.refusal())]++;
                } else if (answer instanceof Answer.DeadLetter letter) {
                    increment(deadLetters.get(letter.why().cause()), 1);
                }
            }
        }
        for (int cell = 0; cell < sums.length; cell++) {
            if (sums[cell] > 0) {
                counterOfDecided(cell).increment(sums[cell]);
            }
        }
        increment(repeated, repeats);
        increment(replayed, replays);
        batchSizes.record(records);
    }

    @Override
    public void failed(FailedAttempt failure, Duration took) {
        increment(failures.get(failure.kind()), 1);
        rolledBack.record(took);
    }

    @Override
    public void gaveBack(UndecidedPoll poll) {
        givenBack.increment();
    }

    /** Takes what was seen of the group's lag. */
    void lag(LagWatch.Look look) {
        lastLook = new LagLook(look, System.currentTimeMillis());
        look.behind().keySet().forEach(partition -> lags.computeIfAbsent(partition, this::lagGauge));
    }

    void report(BookingStreams streams) {
        FunctionCounter.builder("booking.rebalances", streams, BookingStreams::rebalances)
                .description("How often the group has shared out the partitions anew, as seen from here")
                .register(registry);
        FunctionCounter.builder("booking.threads.replaced", streams, BookingStreams::threadsReplaced)
                .description("Stream threads that failed and were replaced")
                .register(registry);
        Gauge.builder("booking.partitions", streams, BookingStreams::partitions)
                .description("Partitions of the commands topic that this processor has")
                .register(registry);
    }

    void report(FollowUpWriter followUps) {
        FunctionCounter.builder("booking.follow.ups.written", followUps, FollowUpWriter::endsWritten)
                .description("Commands written because time called for them")
                .tag("type", CommandType.EXPIRE_HOLD.wireName())
                .register(registry);
        FunctionCounter.builder("booking.follow.ups.written", followUps, FollowUpWriter::offersWritten)
                .description("Commands written because time called for them")
                .tag("type", CommandType.HOLD.wireName())
                .register(registry);
    }

    void report(ReadinessWatch readiness) {
        Gauge.builder("booking.ready", readiness, watch -> watch.isReady() ? 1 : 0)
                .description("1 when it has its partitions and the database answers")
                .register(registry);
        Gauge.builder("booking.database.up", readiness, watch -> watch.isDatabaseUp() ? 1 : 0)
                .description("1 when the database answered when it was asked last")
                .register(registry);
    }

    @SuppressWarnings("EnumOrdinal") // an index into arrays of this process
    private static int cell(Optional<CommandType> type, Optional<Reason> refusal) {
        int row = type.isPresent() ? 1 + type.get().ordinal() : 0;
        int column = refusal.isPresent() ? 1 + refusal.get().ordinal() : 0;
        return row * COLUMNS + column;
    }

    /** Made when it is first needed: most commands are never refused for most reasons. */
    private Counter counterOfDecided(int cell) {
        Counter known = decided.get(cell);
        if (known != null) {
            return known;
        }
        int row = cell / COLUMNS;
        int column = cell % COLUMNS;
        Counter counter = Counter.builder("booking.commands.decided")
                .description("Commands decided: their outcome is durable")
                .tag("type", row == 0 ? NO_TYPE : TYPES[row - 1].wireName())
                .tag("outcome", column == 0 ? "ACCEPTED" : "REJECTED")
                .tag("reason", column == 0 ? NO_REASON : REASONS[column - 1].name())
                .register(registry);
        decided.set(cell, counter);
        return counter;
    }

    private Gauge lagGauge(Integer partition) {
        return Gauge.builder("booking.lag.commands", this, meters -> meters.lagOf(partition))
                .description("Offsets between what the group has committed and the end of the partition")
                .tag("partition", Integer.toString(partition))
                .register(registry);
    }

    private double lagOf(Integer partition) {
        LagLook look = lastLook;
        Long behind = look == null ? null : look.seen().behind().get(partition);
        return behind == null ? Double.NaN : behind;
    }

    private double oldestUndecidedSeconds() {
        LagLook look = lastLook;
        if (look == null || look.seen().behind().isEmpty()) {
            return Double.NaN;
        }
        // The brokers' clock may be ahead of ours.
        return look.seen().oldestAtMillis().isPresent()
                ? Math.max(0, look.atMillis() - look.seen().oldestAtMillis().getAsLong()) / 1000.0
                : 0;
    }

    private Timer transaction(String outcome) {
        return latency("booking.transaction", "Database transactions that decide a batch")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Timer.Builder latency(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(Meters.latencyBuckets());
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static void increment(@Nullable Counter counter, int by) {
        if (counter != null && by > 0) {
            counter.increment(by);
        }
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private record LagLook(LagWatch.Look seen, long atMillis) {}
}
