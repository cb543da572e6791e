package booking.gateway;

import booking.embedded.ChildProcess;
import booking.embedded.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A service in a process of its own, started as an operator does it; what it logs is kept. */
final class ServiceProcess implements AutoCloseable {
    private final TemporaryDirectory directory = TemporaryDirectory.create("service-");
    private final Path log = directory.path().resolve("log");
    private final ChildProcess process;

    ServiceProcess(Class<?> main, Map<String, String> environment) {
        process = ChildProcess.startJava(
                main.getSimpleName(),
                // Its life is short.
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", main.getName()),
                environment,
                log);
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
        process.terminate();
        if (!process.endsWithin(BookingOffice.PATIENCE)) {
            throw new AssertionError("it does not stop; it said:\n" + String.join("\n", log()));
        }
    }

    @Override
    public void close() {
        process.kill();
        directory.close();
    }
}
