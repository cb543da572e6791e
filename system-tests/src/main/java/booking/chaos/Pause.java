package booking.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes that stand still, by SIGSTOP, until this is closed or this process is gone, however it ends: what stands still
 * would otherwise never find out that it is to end as well.
 */
final class Pause implements AutoCloseable {
    // It lets them go on when its input ends, which it does with us. Ctrl-C in a terminal reaches it, too.
    private static final String KEEPER = "trap '' INT TERM HUP; kill -STOP \"$@\"; echo; read -r _; kill -CONT \"$@\"";

    private static final Duration STANDS_STILL = Duration.ofSeconds(10);
    private static final char STOPPED = 'T';

    private final Process keeper;
    private final int stopped;

    private Pause(Process keeper, int stopped) {
        this.keeper = keeper;
        this.stopped = stopped;
    }

    /** Has them stand still; those that are gone already are left out. */
    static Pause of(List<ProcessHandle> processes) throws InterruptedException {
        List<ProcessHandle> alive =
                processes.stream().filter(ProcessHandle::isAlive).toList();
        List<String> command = new ArrayList<>(List.of("sh", "-c", alive.isEmpty() ? "read -r _" : KEEPER, "sh"));
        alive.forEach(process -> command.add(Long.toString(process.pid())));
        Process keeper;
        try {
            keeper = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run sh to stop processes", e);
        }
        try {
            return new Pause(keeper, alive.isEmpty() ? 0 : awaitStopped(keeper.getInputStream(), alive));
        } catch (InterruptedException | RuntimeException e) {
            end(keeper);
            throw e;
        }
    }

    private static int awaitStopped(InputStream saysSent, List<ProcessHandle> processes) throws InterruptedException {
        try {
            var unused = saysSent.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var unusedOutcome = Waiting.until(
                STANDS_STILL,
                () -> countStopped(processes)
                        >= processes.stream().filter(ProcessHandle::isAlive).count());
        return countStopped(processes);
    }

    private static int countStopped(List<ProcessHandle> processes) {
        return (int) processes.stream().filter(Pause::isStopped).count();
    }

    private static boolean isStopped(ProcessHandle process) {
        try {
            Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
            if (Files.exists(stat)) {
                // The state follows the name, which is in parentheses and may hold anything.
                String line = Files.readString(stat);
                return line.charAt(line.lastIndexOf(')') + 2) == STOPPED;
            }
            Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(process.pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return ps.getInputStream().read() == STOPPED;
        } catch (IOException gone) {
            return false;
        }
    }

    /** How many were seen to stand still. */
    int stopped() {
        return stopped;
    }

    /** Lets them go on. */
    @Override
    public void close() {
        end(keeper);
    }

    private static void end(Process keeper) {
        try {
            keeper.getOutputStream().close();
        } catch (IOException gone) {
            // Then it has let them go on already.
        }
        keeper.onExit().join();
    }
}
