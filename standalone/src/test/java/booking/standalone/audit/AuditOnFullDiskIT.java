package booking.standalone.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.ProcessorApplication;
import booking.standalone.BookingCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * An audit that cannot keep what it needs for a while says so, and never passes for it. A limit on the size of files stands
 * for the full disk: anybody may set one.
 */
class AuditOnFullDiskIT {
    private static final int NOTHING = 0;
    /** In units of 512 or 1,024 bytes, as the shell has it: less than a segment of PostgreSQL's log, more than the audit needs. */
    private static final int LESS_THAN_POSTGRES_NEEDS = 8_192;

    private static final RecordedSystem SYSTEM = new RecordedSystem(1);

    @BeforeAll
    static void makeHistory() throws ExecutionException, InterruptedException {
        try (ProcessorApplication processor = SYSTEM.startProcessor()) {
            SYSTEM.awaitAllDecided(List.of(
                    SYSTEM.send(History.event("event", "hall", 3, OptionalInt.empty())),
                    SYSTEM.send(History.book("event", "alice"))));
            assertThat(processor.failure()).isNotDone();
        }
    }

    @AfterAll
    static void close() {
        SYSTEM.close();
    }

    @Test
    void withoutItsTemporaryFileItCannotBeDone() throws Exception {
        Run run = audit(NOTHING);

        assertThat(run.errors)
                .contains("the audit cannot keep its temporary file in ", "JDK_JAVA_OPTIONS=-Djava.io.tmpdir=")
                .doesNotContain("\tat ");
        assertThat(run.output).isEmpty();
        assertThat(run.exitCode).isEqualTo(2);
    }

    @Test
    void withoutItsDatabaseAReplayIsUnknownAndAllElseIsTold() throws Exception {
        Run run = audit(LESS_THAN_POSTGRES_NEEDS, "--replay");

        assertThat(run.output.lines().filter(line -> line.startsWith("I")))
                .as("promises; on standard error: %s", run.errors)
                .hasSize(8)
                .allMatch(line -> line.startsWith("I8") ? line.contains("UNKNOWN") : line.contains("HOLDS"));
        assertThat(run.output).contains("    unknown: there is no PostgreSQL to replay into, in ");
        assertThat(run.exitCode).isEqualTo(2);
    }

    private record Run(int exitCode, String output, String errors) {}

    private static Run audit(int fileSize, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "ulimit -f \"$0\" && exec \"$@\"",
                Integer.toString(fileSize),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                BookingCommand.class.getName(),
                "audit"));
        command.addAll(SYSTEM.auditOptions());
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        Process process = builder.start();
        try {
            CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            String output = text(process.getInputStream());
            return new Run(process.waitFor(), output, errors.join());
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
