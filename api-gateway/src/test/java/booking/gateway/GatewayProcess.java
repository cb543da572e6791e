package booking.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.ChildProcess;
import booking.embedded.FreePorts;
import booking.embedded.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own, with little memory, which can be killed. */
final class GatewayProcess implements AutoCloseable {
    private static final List<String> SMALL_JVM = List.of("-Xmx192m", "-XX:+UseSerialGC");
    private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");
    private static final Duration STOP = Duration.ofSeconds(30);

    private final TemporaryDirectory directory = TemporaryDirectory.create("booking-gateway-");
    private final int port = FreePorts.any();
    private final ChildProcess process;

    /** Starts it with these variables; it is not ready yet. */
    GatewayProcess(Map<String, String> environment, String... jvmArguments) {
        Map<String, String> own = new HashMap<>(environment);
        own.put("BOOKING_HTTP_PORT", Integer.toString(port));
        List<String> arguments = new ArrayList<>(SMALL_JVM);
        arguments.addAll(List.of(jvmArguments));
        arguments.add(GatewayApplication.class.getName());
        process = ChildProcess.startJava("gateway", arguments, own, log());
    }

    private Path log() {
        return directory.path().resolve("gateway.log");
    }

    int port() {
        return port;
    }

    Client client() {
        return new Client(port);
    }

    /** What its objects take that are still in use, after a full collection. */
    long liveHeapBytes() {
        try {
            Process histogram = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(process.handle().pid()),
                            "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(histogram.getInputStream().readAllBytes(), UTF_8);
            Matcher total = TOTAL.matcher(text);
            assertThat(total.find()).as(text).isTrue();
            return Long.parseLong(total.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of this series now. */
    double metric(String series) {
        return client().get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + series));
    }

    /** Whether it has not ended. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end, and does not wait. */
    void terminate() {
        process.terminate();
    }

    /** Waits for its end; false when it has not come in time. */
    boolean endsWithin(Duration time) {
        return process.endsWithin(time);
    }

    /** Ends it as {@code kill -9} does. */
    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.terminate();
        if (!process.endsWithin(STOP)) {
            process.kill();
        }
        directory.close();
    }
}
