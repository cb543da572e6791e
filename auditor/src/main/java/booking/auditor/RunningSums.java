package booking.auditor;

import booking.schemas.command.CommandType;
import java.util.Optional;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.StringDataType;

/**
 * Adds up, result by result, how many seats of each event are taken. The counters of a result must be possible, and must be
 * those of the event's result before it and what has been taken or given back since. So no state of an event begins two
 * stories, as it does when tables are set back and seats sold once more, however well all fits in the end.
 */
final class RunningSums {
    private final Findings findings;
    private final boolean moved;
    private final MVMap<String, Sum> sums;

    /**
     * What a result says of its event.
     *
     * @param version after it
     * @param last whether its command is kept, so that any later one of the event is known
     */
    record Sum(long version, long capacity, long confirmed, long held, boolean last) {
        private static final ScratchType<Sum> TYPE = new ScratchType<>(
                56,
                (to, sum) -> to.putVarLong(sum.version)
                        .putVarLong(sum.capacity)
                        .putVarLong(sum.confirmed)
                        .putVarLong(sum.held)
                        .put((byte) (sum.last ? 1 : 0)),
                from -> new Sum(
                        DataUtils.readVarLong(from),
                        DataUtils.readVarLong(from),
                        DataUtils.readVarLong(from),
                        DataUtils.readVarLong(from),
                        from.get() == 1));

        static Sum of(Disposition result, boolean last) {
            return new Sum(
                    result.number(ResultFields.VERSION),
                    result.number(ResultFields.CAPACITY),
                    result.number(ResultFields.CONFIRMED),
                    result.number(ResultFields.HELD),
                    last);
        }

        /** Whether the tables can have this, when nothing but commands changes them. */
        boolean agreesWith(Sum tables) {
            boolean same = version == tables.version
                    && capacity == tables.capacity
                    && confirmed == tables.confirmed
                    && held == tables.held;
            return same || (!last && version < tables.version);
        }

        private boolean isPossible() {
            return version >= 1 && capacity >= 1 && confirmed >= 0 && held >= 0 && confirmed + held <= capacity;
        }

        /**
         * Whether this can become the other by so many versions and seats more. Before that, holds may have run out: each
         * gives back one seat at least, and is a version of its own.
         */
        private boolean becomes(Sum after, int versions, long moreConfirmed, long moreHeld) {
            long holdsEnded = after.version - version - versions;
            long seatsOfThem = held + moreHeld - after.held;
            return after.confirmed == confirmed + moreConfirmed
                    && holdsEnded >= 0
                    && seatsOfThem >= holdsEnded
                    && (holdsEnded > 0 || seatsOfThem == 0);
        }

        @Override
        public String toString() {
            return "version " + version + ", capacity " + capacity + ", confirmed " + confirmed + ", held " + held;
        }
    }

    /** @param moved whether the same events were changed by commands of another set of topics, too */
    RunningSums(Scratch scratch, Findings findings, boolean moved) {
        this.findings = findings;
        this.moved = moved;
        this.sums = scratch.map("sums", StringDataType.INSTANCE, Sum.TYPE);
    }

    /**
     * Takes the next result of a partition of the commands.
     *
     * @param inOrder whether it was decided there, and all of its event's commands are in that partition, so that it comes after
     *     the one before
     * @param kept whether its command is still there
     */
    void take(int partition, long offset, Disposition result, boolean inOrder, boolean kept) {
        if (!result.fields().containsKey(ResultFields.VERSION)) {
            return;
        }
        findings.count(Promise.SEATS, "results with counters", 1);
        Sum sum = Sum.of(result, kept);
        if (!sum.isPossible() || result.number(ResultFields.AVAILABLE) != sum.capacity - sum.confirmed - sum.held) {
            violation(partition, offset, result, "confirmed and held within the capacity", sum);
            return;
        }
        String eventId = result.field(ResultFields.EVENT_ID);
        // The answer to a repetition shows how the event was at the first answer.
        if (eventId != null && inOrder && result.names(partition, offset)) {
            Sum before = sums.put(eventId, sum);
            if (before != null && !follows(before, sum, result) && !mayHaveOthersBetween(before, sum, result)) {
                violation(partition, offset, result, "what follows from " + before, sum);
            }
        }
    }

    /** A result of this event is missing or unreadable, so that what comes next need not follow from what was before. */
    void lose(String eventId) {
        sums.remove(eventId);
    }

    /** What the last result says of this event; empty when there is none, or it is missing. */
    Optional<Sum> of(String eventId) {
        return Optional.ofNullable(sums.get(eventId));
    }

    private static boolean follows(Sum before, Sum after, Disposition result) {
        Optional<CommandType> accepted = accepted(result);
        if (accepted.isEmpty()) {
            return before.capacity == after.capacity && before.becomes(after, 0, 0, 0);
        }
        long seats = result.number(ResultFields.QUANTITY);
        boolean sameCapacity = before.capacity == after.capacity;
        return switch (accepted.get()) {
            // There is something before it, so it was made already.
            case CREATE_EVENT -> false;
            case UPDATE_EVENT -> before.becomes(after, 1, 0, 0);
            case CLOSE_EVENT, JOIN_WAITLIST, LEAVE_WAITLIST -> sameCapacity && before.becomes(after, 1, 0, 0);
            case BOOK -> sameCapacity && before.becomes(after, 1, seats, 0);
            case HOLD -> sameCapacity && before.becomes(after, 1, 0, seats);
            case CONFIRM -> sameCapacity && before.becomes(after, 1, seats, -seats);
            case CANCEL -> sameCapacity && (before.becomes(after, 1, -seats, 0) || before.becomes(after, 1, 0, -seats));
            // The hold itself has run out, and was ended as any other that has.
            case EXPIRE_HOLD -> sameCapacity && before.becomes(after, 0, 0, 0);
        };
    }

    /** Whether there are more versions between the two than the result makes, which may be of commands in the other topics. */
    private boolean mayHaveOthersBetween(Sum before, Sum after, Disposition result) {
        int own =
                accepted(result).filter(type -> type != CommandType.EXPIRE_HOLD).isPresent() ? 1 : 0;
        return moved && after.version - before.version > own;
    }

    private static Optional<CommandType> accepted(Disposition result) {
        return "ACCEPTED".equals(result.field(ResultFields.OUTCOME))
                ? Optional.ofNullable(result.field(ResultFields.TYPE)).flatMap(CommandType::fromWireName)
                : Optional.empty();
    }

    private void violation(int partition, long offset, Disposition result, String expected, Sum found) {
        findings.violation(
                Promise.SEATS,
                Offender.at(
                        partition,
                        offset,
                        result.commandId(),
                        expected,
                        result + " says " + found + ", available " + result.field(ResultFields.AVAILABLE)));
    }
}
