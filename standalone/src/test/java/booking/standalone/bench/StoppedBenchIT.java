package booking.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.embedded.ChildProcess;
import booking.embedded.TemporaryDirectory;
import booking.standalone.BookingCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code ./booking bench} that is asked to end before it is done. */
class StoppedBenchIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void itLeavesNeitherProcessesNorFiles() {
        try (TemporaryDirectory directory = TemporaryDirectory.create("stopped-bench-")) {
            Path output = directory.path().resolve("output");
            ChildProcess bench = ChildProcess.startJava("bench", command(directory.path()), Map.of(), output);
            List<ProcessHandle> all = List.of();
            try {
                await("a system that is measured")
                        .atMost(PATIENCE)
                        .until(() -> !bench.isAlive() || isMeasuring(directory.path()));
                assertThat(bench.isAlive()).as(() -> said(output)).isTrue();
                all = bench.handle().descendants().toList();
                assertThat(all).isNotEmpty();

                bench.terminate();

                assertThat(bench.endsWithin(PATIENCE)).as(() -> said(output)).isTrue();
                assertThat(all).noneMatch(ProcessHandle::isAlive);
                assertThat(directory.path()).isDirectoryNotContaining("glob:**/booking-bench-*");
                assertThat(said(output)).endsWith("Stopped\n").doesNotContain("Exception");
            } finally {
                bench.kill();
                all.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    private static List<String> command(Path directory) {
        return List.of(
                "-Djava.io.tmpdir=" + directory,
                BookingCommand.class.getName(),
                "bench",
                "--quick",
                "--systems",
                "conditional",
                "--seconds",
                "600",
                "--chart",
                directory.resolve("chart.svg").toString());
    }

    /** It tells when it begins, and has the log of a system once it has started that. */
    private static boolean isMeasuring(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory, 2)) {
            return files.anyMatch(file -> file.endsWith("bench-0-conditional.log"));
        }
    }

    private static String said(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
