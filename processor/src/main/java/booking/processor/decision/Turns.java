package booking.processor.decision;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Whose turn it is: those in a line whom free seats are for, and how many they are for together. */
public final class Turns {
    /** By place, the seats that are for those up to it. */
    private final NavigableMap<Long, Integer> seatsUpTo = new TreeMap<>();

    private Turns() {}

    /** @param toServe in the order of their places */
    static Turns of(List<Waiting> toServe) {
        Turns turns = new Turns();
        int seats = 0;
        for (Waiting waiting : toServe) {
            seats += waiting.quantity();
            turns.seatsUpTo.put(waiting.place(), seats);
        }
        return turns;
    }

    /** The seats that are for the line. */
    int seats() {
        return seatsUpTo.isEmpty() ? 0 : seatsUpTo.lastEntry().getValue();
    }

    /** The seats that are for those before this place. What is for them does not hang on those behind. */
    int seatsBefore(long place) {
        var before = seatsUpTo.lowerEntry(place);
        return before == null ? 0 : before.getValue();
    }

    /** Whether seats are for whoever has this place. */
    boolean include(long place) {
        return seatsUpTo.containsKey(place);
    }
}
