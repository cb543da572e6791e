package booking.processor.desk;

import java.util.HashSet;
import java.util.Set;

/** What failed attempts at a poll have shown to be out of reach. */
final class Concessions {
    private final Set<String> events = new HashSet<>();
    private boolean seekingCulprit;

    /** Whether commands for this event are refused, as other writers do not let us have it. */
    boolean isGivenUp(String eventId) {
        return events.contains(eventId);
    }

    /** Whether some command asks for what the tables refuse, and has to be told apart from the others. */
    boolean isSeekingCulprit() {
        return seekingCulprit;
    }

    /** Gives events up; false when none of them is new. */
    boolean giveUp(Set<String> eventIds) {
        return events.addAll(eventIds);
    }

    /** From now on look for the one command to blame; false when that was so before. */
    boolean lookForTheCulprit() {
        boolean first = !seekingCulprit;
        seekingCulprit = true;
        return first;
    }
}
