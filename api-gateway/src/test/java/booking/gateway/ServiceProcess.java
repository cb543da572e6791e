package booking.gateway;

import booking.embedded.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A service in a process of its own, started as an operator does it; what it logs is kept. */
final class ServiceProcess implements AutoCloseable {
    private final TemporaryDirectory directory = TemporaryDirectory.create("service-");
    private final Path log = directory.path().resolve("log");
    private final Process process;

    ServiceProcess(Class<?> main, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        // Its life is short.
                        "-XX:TieredStopAtLevel=1",
                        main.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        try {
            this.process = builder.start();
        } catch (IOException e) {
            directory.close();
            throw new UncheckedIOException(e);
        }
    }

    /** What it has logged so far. */
    List<String> log() {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Asks it to stop, and waits until it has. */
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(BookingOffice.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("it does not stop; it said:\n" + String.join("\n", log()));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        directory.close();
    }
}
