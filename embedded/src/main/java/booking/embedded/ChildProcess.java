package booking.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A process that we started, and those that it started. */
public final class ChildProcess {
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it from a thread of its own.
     *
     * @throws EmbeddedServerException when it cannot be started
     */
    public static ChildProcess start(String name, ProcessBuilder builder) {
        CompletableFuture<Process> started = new CompletableFuture<>();
        // "Tell me when my parent dies" means the thread that started the process, not the parent process: on Linux
        // the server would be told to end when a pooled thread does. So this thread lives as long as the server.
        Thread keeper = new Thread(
                () -> {
                    try {
                        Process process = builder.start();
                        started.complete(process);
                        process.waitFor();
                    } catch (IOException | InterruptedException e) {
                        started.completeExceptionally(e);
                    }
                },
                "keeper of " + name);
        keeper.setDaemon(true);
        keeper.start();
        try {
            return new ChildProcess(started.join());
        } catch (CompletionException e) {
            throw new EmbeddedServerException("cannot start " + name + ": " + e.getCause(), e);
        }
    }

    /**
     * Starts a JVM on the class path of this one. It ends when this process does, however that ends (on Linux).
     *
     * @param arguments of the JVM, then the main class and its arguments
     * @param environment variables that it has beside ours
     * @param log takes what it prints, after what is there already
     */
    public static ChildProcess startJava(
            String name, List<String> arguments, Map<String, String> environment, Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        CommandPrefix prefix = CommandPrefix.firstThatWorks(CommandPrefix.of("setpriv", "--pdeathsig", "KILL"))
                .orElse(CommandPrefix.NONE);
        ProcessBuilder builder = new ProcessBuilder(prefix.before(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        // Debuggers and agents that are meant for this process.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        return start(name, builder);
    }

    /** The process itself. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it ended with; once it has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Sends SIGINT, which Java cannot. */
    void interrupt() {
        Signals.send("INT", process.toHandle());
    }

    /** Asks it to end, with SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Stops it where it stands, with SIGSTOP, as a machine that hangs would; its own children go on. */
    public void pause() {
        Signals.send("STOP", process.toHandle());
    }

    /** Lets it go on, with SIGCONT. */
    public void resume() {
        Signals.send("CONT", process.toHandle());
    }

    /** Closes its standard input. */
    void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // Then it has ended already, which is what we want.
        }
    }

    /** Waits for the end; false when it has not come in time. */
    public boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends it with SIGKILL, then what is left of its own children. */
    public void kill() {
        // Children are found through their parent, so before it is gone.
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        endsWithin(AFTER_KILL);
        Signals.killAndAwait(children, AFTER_KILL);
    }
}
