package booking.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;

/** A process that runs {@link ServersMain}. */
final class ServersProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private Optional<Ready> ready = Optional.empty();

    /** What it said when it was ready. */
    record Ready(int kafkaPort, ProcessHandle broker, int postgresPort, ProcessHandle postgres) {}

    private ServersProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    static ServersProcess start(Path directory, Path binaries) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        ServersMain.class.getName(),
                        directory.toString(),
                        binaries.toString())
                .redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return new ServersProcess(builder.start());
    }

    /** Waits until its servers run. */
    Ready awaitReady() throws IOException {
        if (ready.isEmpty()) {
            List<String> said = new ArrayList<>();
            String line = output.readLine();
            while (line != null && !line.startsWith("ready ")) {
                said.add(line);
                line = output.readLine();
            }
            if (line == null) {
                throw new IOException("not ready, but said:\n" + String.join("\n", said));
            }
            Scanner words = new Scanner(line.substring("ready ".length()));
            ready = Optional.of(new Ready(
                    words.nextInt(),
                    ProcessHandle.of(words.nextLong()).orElseThrow(),
                    words.nextInt(),
                    ProcessHandle.of(words.nextLong()).orElseThrow()));
        }
        return ready.get();
    }

    /** As {@code kill -9}; its servers are not touched. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Ends it and its servers, whatever state they are in. */
    @Override
    public void close() {
        List<ProcessHandle> servers = process.descendants().toList();
        kill();
        servers.forEach(ProcessHandle::destroyForcibly);
        ready.ifPresent(it -> {
            it.broker().destroyForcibly();
            it.postgres().destroyForcibly();
        });
    }
}
