package booking.chaos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Knows the processes of a system, and which of them end though nobody ends them. Used by one thread. */
final class ProcessWatch {
    private final Map<ProcessHandle, String> watched = new LinkedHashMap<>();

    /** From now on it is to run. */
    void begin(String name, ProcessHandle process) {
        watched.put(process, name);
    }

    /** From now on it may end. Whether it still runs; one that does not has ended by itself, and is told of. */
    boolean end(ProcessHandle process) {
        boolean isAlive = process.isAlive();
        if (isAlive) {
            watched.remove(process);
        }
        return isAlive;
    }

    /** The names of those that have ended though nobody ended them, since this was asked last. */
    List<String> takeEnded() {
        List<String> ended = new ArrayList<>();
        watched.entrySet().removeIf(process -> !process.getKey().isAlive() && ended.add(process.getValue()));
        return ended;
    }
}
