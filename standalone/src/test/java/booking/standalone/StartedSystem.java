package booking.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code booking start} as a process of its own, from the jar that {@code ./booking} runs. */
final class StartedSystem implements AutoCloseable {
    private static final Path JAR = Path.of("target", "booking.jar").toAbsolutePath();
    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofSeconds(70);
    private static final Pattern READY_LINE = Pattern.compile(
            "Ready: (https?://127\\.0\\.0\\.1:\\d+) \\(Kafka (127\\.0\\.0\\.1:\\d+), PostgreSQL 127\\.0\\.0\\.1:(\\d+)\\)");

    private final Process process;
    private final Path output;
    private final Path errors;
    private @Nullable Ready ready;

    /** What the ready line says. */
    record Ready(String url, String bootstrapServers, int postgresPort) {}

    private StartedSystem(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /** Starts it with these arguments, and its output in files of this directory. */
    static StartedSystem start(Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        return run(
                directory,
                environment,
                Stream.concat(Stream.of("start"), Stream.of(arguments)).toList());
    }

    /** Starts any of the command line's commands, in the same way. */
    static StartedSystem run(Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(withCtrlC());
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile(directory, "start", ".out");
        Path errors = Files.createTempFile(directory, "start", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("BOOKING_"));
        builder.environment().putAll(environment);
        return new StartedSystem(builder.start(), output, errors);
    }

    /**
     * What gives a process the usual answer to SIGINT. A build that runs in the background of a script ignores it, and
     * so would all that it starts.
     */
    private static List<String> withCtrlC() throws IOException {
        List<String> prefix = List.of("env", "--default-signal=INT");
        List<String> trial = new ArrayList<>(prefix);
        trial.add("true");
        try {
            boolean known = new ProcessBuilder(trial).start().waitFor() == 0;
            return known ? prefix : List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    Ready awaitReady() {
        if (ready == null) {
            await().atMost(READY)
                    .until(() ->
                            !process.isAlive() || READY_LINE.matcher(output()).find());
            Matcher line = READY_LINE.matcher(output());
            if (!line.find()) {
                throw new AssertionError("not ready, but said: " + errors());
            }
            ready = new Ready(line.group(1), line.group(2), Integer.parseInt(line.group(3)));
        }
        return ready;
    }

    String output() {
        return read(output);
    }

    String errors() {
        return read(errors);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It and all that it started. */
    List<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    /** As Ctrl-C in its terminal, or {@code kill}. */
    void signal(String name) throws IOException, InterruptedException {
        int sent = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                .start()
                .waitFor();
        if (sent != 0) {
            throw new IOException("no signal could be sent");
        }
    }

    /** Waits for its end; its exit code. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running, and said: " + errors());
        }
        return process.exitValue();
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Ends whatever is left of it. */
    @Override
    public void close() {
        List<ProcessHandle> left = processes();
        kill();
        left.forEach(ProcessHandle::destroyForcibly);
    }
}
