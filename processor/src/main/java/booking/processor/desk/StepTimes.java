package booking.processor.desk;

import java.util.function.Supplier;

/** How long each step of deciding a poll took. Used by one thread. */
@SuppressWarnings("EnumOrdinal") // an index into an array that lives for one poll
public final class StepTimes {
    private final long[] nanos = new long[Step.values().length];

    /** What deciding a poll consists of, in its order. */
    public enum Step {
        /** Records become commands. */
        TAKE_IN,
        /** The progress of the partitions is locked. */
        FENCE,
        /** Outcomes of earlier times are looked for. */
        LOOK_BACK,
        /** Events and what belongs to them are read. */
        LOAD,
        /** The rules decide; with what they ask the tables for now and then. */
        DECIDE,
        /** Everything that has changed is written. */
        SAVE,
        /** The database makes it durable. */
        COMMIT
    }

    /** How long this step took, in nanoseconds, in all attempts together. */
    public long nanos(Step step) {
        return nanos[step.ordinal()];
    }

    void add(Step step, long more) {
        nanos[step.ordinal()] += more;
    }

    <T> T time(Step step, Supplier<T> work) {
        long begun = System.nanoTime();
        try {
            return work.get();
        } finally {
            add(step, System.nanoTime() - begun);
        }
    }

    void time(Step step, Runnable work) {
        long begun = System.nanoTime();
        try {
            work.run();
        } finally {
            add(step, System.nanoTime() - begun);
        }
    }
}
