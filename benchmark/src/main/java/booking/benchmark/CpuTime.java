package booking.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * How long processes have worked. A process counts with those that it started, also when they have ended meanwhile: a
 * database's sessions are processes of their own.
 */
final class CpuTime {
    /** In these Linux tells it, on all machines that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    /** After the name, which is in brackets, comes the third field; these are the fields 14 to 17. */
    private static final int FIRST_TIME = 11;

    private static final int TIMES = 4;

    private CpuTime() {}

    /** In seconds, as of now. */
    static double seconds(Collection<ProcessHandle> roots) {
        return roots.stream()
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .distinct()
                .mapToDouble(CpuTime::seconds)
                .sum();
    }

    /** Of this process alone, without those that it started. */
    static double ofThisProcess() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos()
                / 1e9;
    }

    private static double seconds(ProcessHandle process) {
        try {
            return ofStat(Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat")));
        } catch (IOException gone) {
            // Ended just now, and then its parent counts it; or this is no Linux.
            return process.info()
                    .totalCpuDuration()
                    .map(time -> time.toNanos() / 1e9)
                    .orElse(0.0);
        }
    }

    /**
     * The time of a process and of its children that have ended, in and for it.
     *
     * @param stat its /proc/PID/stat
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
     */
    static double ofStat(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" +", -1);
        long ticks = 0;
        for (int i = FIRST_TIME; i < FIRST_TIME + TIMES; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }
}
