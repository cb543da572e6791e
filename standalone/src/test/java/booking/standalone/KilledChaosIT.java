package booking.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import booking.embedded.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code ./booking chaos} that is killed with SIGKILL leaves no disk mounted. */
class KilledChaosIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void itsDisksGoWithIt() throws Exception {
        assumeThat(canMount()).as("disks can be mounted here, which takes root").isTrue();
        try (TemporaryDirectory directory = TemporaryDirectory.create("killed-chaos-")) {
            String place = directory.path().resolve("place").toString();
            Process chaos = start(directory.path(), place);
            List<ProcessHandle> all;
            try {
                await("disks").atMost(PATIENCE).until(() -> !chaos.isAlive() || isMountedBelow(place, chaos.pid()));
                assertThat(chaos.isAlive()).as(() -> said(directory)).isTrue();
                all = chaos.descendants().toList();
            } finally {
                chaos.destroyForcibly().waitFor();
            }

            assertThat(isMountedBelow(place, ProcessHandle.current().pid())).isFalse();
            await("what it started has ended")
                    .atMost(PATIENCE)
                    .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    private static boolean canMount() throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "unshare --mount mount -t tmpfs tmpfs /tmp 2>/dev/null")
                        .start()
                        .waitFor()
                == 0;
    }

    /** The script that users run, on the jar of this build. */
    private static Process start(Path directory, String place) throws IOException {
        Path target = Files.createDirectories(directory.resolve("standalone").resolve("target"));
        for (String part : List.of("booking.jar", "lib")) {
            Files.createSymbolicLink(
                    target.resolve(part), Path.of("target", part).toRealPath());
        }
        // So that it does not build.
        Files.createFile(target.resolve("built"));
        Path script = Files.copy(Path.of("..", "booking"), directory.resolve("booking"));
        ProcessBuilder builder = new ProcessBuilder(
                        "bash",
                        script.toString(),
                        "chaos",
                        "--rounds",
                        "1",
                        "--faults",
                        "database-disk-full",
                        "--directory",
                        place)
                .redirectErrorStream(true)
                .redirectOutput(output(directory).toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private static Path output(Path directory) {
        return directory.resolve("output");
    }

    private static String said(TemporaryDirectory directory) {
        try {
            return "has not ended; it said: " + Files.readString(output(directory.path()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isMountedBelow(String place, long process) {
        try (var mounts = Files.lines(Path.of("/proc", Long.toString(process), "mounts"))) {
            return mounts.anyMatch(line -> line.contains(" " + place + "/"));
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }
}
