package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.embedded.TemporaryDirectory;
import booking.processor.stream.CrashPoint;
import booking.processor.stream.CrashingProcessor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A {@link CrashingProcessor} in a process of its own. */
final class ChildProcessor implements AutoCloseable {
    private final TemporaryDirectory directory = TemporaryDirectory.create("child-processor-");
    private final Path output = directory.path().resolve("output");
    private final CrashPoint point;
    private final CrashingProcessor.Action action;
    private final Process process;

    /** Starts one for this system, which does that the given time it gets to that point. */
    ChildProcessor(BookingSystem system, CrashPoint point, int time, CrashingProcessor.Action action) {
        this.point = point;
        this.action = action;
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        // Its life is short.
                        "-XX:TieredStopAtLevel=1",
                        CrashingProcessor.class.getName(),
                        point.name(),
                        Integer.toString(time),
                        action.name())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(system.environment());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        try {
            this.process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has halted at its point; fails when it ends otherwise. */
    void awaitHalt() throws InterruptedException {
        assertThat(process.waitFor(BookingSystem.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(() -> "has ended; it said:\n" + output())
                .isTrue();
        assertThat(process.exitValue())
                .as(() -> "exit code; it said:\n" + output())
                .isEqualTo(CrashingProcessor.HALTED);
        requireSaid();
    }

    private void requireSaid() {
        assertThat(output().lines()).contains(action.said(point));
    }

    /** Waits until it stands still at its point. */
    void awaitPause() {
        await("pause").atMost(BookingSystem.PATIENCE).untilAsserted(this::requireSaid);
    }

    /** Stops all of it, its heartbeats too. */
    void stop() {
        signal("STOP");
    }

    /** Lets it go on, also from its point. */
    void resume() throws IOException {
        OutputStream input = process.getOutputStream();
        input.write('\n');
        input.flush();
        signal("CONT");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Java cannot send these. */
    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(exit).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it if it is still there. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        directory.close();
    }
}
