package booking.chaos;

import booking.embedded.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Knows the processes of a system, and which of them end though nobody ends them. Used by one thread. */
final class ProcessWatch {
    private static final Duration EXIT = Duration.ofSeconds(10);
    private static final int LAST_LINES = 40;
    private static final int FRAMES_EACH = 4;

    private final Map<ProcessHandle, Watched> watched = new LinkedHashMap<>();
    private final List<Ended> ended = new ArrayList<>();

    private record Watched(String name, Supplier<String> lastWords) {}

    /**
     * A process that has ended though nobody ended it.
     *
     * @param lastWords what is left of it to tell why
     */
    record Ended(String name, String lastWords) {
        /** In words. */
        String told() {
            return name + " ended by itself" + lastWords;
        }
    }

    /** From now on it is to run. */
    void begin(String name, ProcessHandle process) {
        watched.put(process, new Watched(name, () -> ""));
    }

    /**
     * From now on it is to run.
     *
     * @param log where it says what happens to it: when anybody asks, its directory may be gone
     */
    void begin(String name, ChildProcess process, Path log) {
        // Before this one has written more into the log of the one whose place it takes.
        noteEnded();
        watched.put(process.handle(), new Watched(name, () -> exit(process) + "; its log ends:\n" + end(log)));
    }

    private static String exit(ChildProcess process) {
        // Who waits for it may get to know a little later that it is gone.
        return process.endsWithin(EXIT)
                ? " with exit code " + process.exitCode()
                : ", with an exit code that nobody tells";
    }

    /** From now on it may end. Whether it still runs; one that does not has ended by itself, and is told of. */
    boolean end(ProcessHandle process) {
        boolean isAlive = process.isAlive();
        if (isAlive) {
            watched.remove(process);
        }
        return isAlive;
    }

    /** Those that have ended though nobody ended them, since this was asked last. */
    List<Ended> takeEnded() {
        noteEnded();
        List<Ended> taken = List.copyOf(ended);
        ended.clear();
        return taken;
    }

    private void noteEnded() {
        watched.entrySet()
                .removeIf(one -> !one.getKey().isAlive()
                        && ended.add(new Ended(
                                one.getValue().name(),
                                one.getValue().lastWords().get())));
    }

    /** The last lines, in which a stack trace has only the first of its many frames. */
    private static String end(Path log) {
        List<String> lines = new ArrayList<>();
        int frames = 0;
        try {
            for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
                frames = line.startsWith("\t") ? frames + 1 : 0;
                if (frames <= FRAMES_EACH) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            lines.add("(no log: " + e + ")");
        }
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
