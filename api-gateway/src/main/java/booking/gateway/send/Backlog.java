package booking.gateway.send;

import booking.schemas.command.CommandType;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether commands are decided fast enough for more to be taken. Told of each look by one thread, asked by any.
 *
 * <p>Refused is when too many commands are undecided, until half of them are left; and when none has been decided for long
 * while one of ours waits, until one is. Commands that finish something ({@link #FINISHING}) go on until there are twice
 * too many: nobody shall lose a hold because it could not be confirmed in time, as its time is judged by when the command
 * was written and not by when it is decided.
 *
 * <p>What is counted may be nothing but leftovers of transactions ({@link Standing#undecided()}). A count that does not move
 * for a while, with no command of ours in it, is taken for such leftovers and no longer counted: else nothing might ever
 * be taken again.
 */
final class Backlog {
    static final Set<CommandType> FINISHING =
            EnumSet.of(CommandType.CONFIRM, CommandType.CANCEL, CommandType.LEAVE_WAITLIST, CommandType.CLOSE_EVENT);

    /** What was seen so long ago says nothing about now; and what does not move for so long are leftovers. */
    private static final Duration LOOK_LASTS = Duration.ofSeconds(30);

    private static final int RETRY_SECONDS = 10;
    private static final int LONGEST_RETRY_SECONDS = 60;

    private final long most;
    private final Duration longestStall;
    private @Nullable Standing last;
    private long lookedAtNanos;
    private long movedAtNanos;
    private long changedAtNanos;
    private long ownWaitSinceNanos;
    private long leftovers;
    private volatile State state = State.UNKNOWN;

    /** Why a command is not taken. */
    enum Cause {
        TOO_MANY,
        STALLED
    }

    /**
     * A command is not taken.
     *
     * @param detail in words
     * @param retryAfterSeconds when it may be taken again
     */
    record Refusal(Cause cause, String detail, int retryAfterSeconds) {}

    private record State(
            Optional<Long> undecided, boolean tooMany, boolean farTooMany, boolean stalled, int retrySeconds) {
        static final State UNKNOWN = new State(Optional.empty(), false, false, false, RETRY_SECONDS);
    }

    Backlog(BacklogSettings settings) {
        this.most = settings.mostUndecided();
        this.longestStall = settings.longestStall();
    }

    /** Why a command of this type is not taken now; empty when it is. */
    Optional<Refusal> refusal(CommandType type) {
        State now = state;
        boolean finishing = FINISHING.contains(type);
        if (now.stalled() && !finishing) {
            return Optional.of(new Refusal(
                    Cause.STALLED,
                    "no command has been decided for more than " + longestStall.toSeconds()
                            + " s; nothing was sent, try again later",
                    now.retrySeconds()));
        }
        if (finishing ? now.farTooMany() : now.tooMany()) {
            return Optional.of(new Refusal(
                    Cause.TOO_MANY,
                    "too many commands wait to be decided; nothing was sent, try again later",
                    now.retrySeconds()));
        }
        return Optional.empty();
    }

    /** Whether new bookings are refused. */
    boolean isShedding() {
        return refusal(CommandType.BOOK).isPresent();
    }

    /** How many commands are undecided; empty when that is not known. */
    Optional<Long> undecided() {
        return state.undecided();
    }

    /** Takes in what was seen. */
    void seen(Standing standing, long nanos) {
        Standing before = last;
        if (before == null || before.decided() != standing.decided()) {
            movedAtNanos = nanos;
        }
        if (!standing.equals(before)) {
            changedAtNanos = nanos;
        }
        // A command that came since the last look has not waited for long.
        if (before == null || !before.ownWait()) {
            ownWaitSinceNanos = nanos;
        }
        boolean stalled = !longestStall.isZero()
                && standing.ownWait()
                && isLonger(movedAtNanos, nanos, longestStall)
                && isLonger(ownWaitSinceNanos, nanos, longestStall);
        boolean standsStill = !standing.ownWait() && isLonger(changedAtNanos, nanos, patience());
        leftovers = standsStill ? standing.undecided() : Math.min(leftovers, standing.undecided());
        long undecided = standing.undecided() - leftovers;
        boolean tooMany = isAbove(most, undecided, state.tooMany());
        boolean farTooMany = isAbove(2 * most, undecided, state.farTooMany());
        state = new State(
                Optional.of(standing.undecided()),
                tooMany,
                farTooMany,
                stalled,
                stalled ? RETRY_SECONDS : retrySeconds(before, standing, undecided, nanos));
        last = standing;
        lookedAtNanos = nanos;
    }

    /** Nothing could be seen. Kafka may be away, or does not let us look; then nothing is refused because of it. */
    void notSeen(long nanos) {
        if (last != null && nanos - lookedAtNanos < LOOK_LASTS.toNanos()) {
            // What happens while nobody looks is no proof of standing still.
            if (!state.stalled()) {
                movedAtNanos = nanos;
                changedAtNanos = nanos;
                ownWaitSinceNanos = nanos;
            }
            return;
        }
        last = null;
        state = State.UNKNOWN;
    }

    private Duration patience() {
        return longestStall.isZero() || longestStall.compareTo(LOOK_LASTS) > 0 ? LOOK_LASTS : longestStall;
    }

    private static boolean isLonger(long sinceNanos, long nanos, Duration time) {
        return nanos - sinceNanos > time.toNanos();
    }

    /** Above the bound, or above its half after having been above it. */
    private static boolean isAbove(long bound, long undecided, boolean wasAbove) {
        return bound > 0 && undecided > (wasAbove ? bound / 2 : bound);
    }

    /** How long it takes until half the bound is left, at the speed that was just seen. */
    private int retrySeconds(@Nullable Standing before, Standing standing, long undecided, long nanos) {
        long excess = undecided - most / 2;
        if (before == null || excess <= 0 || standing.decided() <= before.decided()) {
            return RETRY_SECONDS;
        }
        double decidedInASecond = (standing.decided() - before.decided()) * 1e9 / Math.max(1, nanos - lookedAtNanos);
        return (int) Math.min(LONGEST_RETRY_SECONDS, Math.max(1, Math.ceil(excess / decidedInASecond)));
    }
}
