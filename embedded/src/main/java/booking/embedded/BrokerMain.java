package booking.embedded;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.commons.io.file.PathUtils;

/** The process of a broker: formats its storage if it is new, then is Kafka until its standard input is closed. */
final class BrokerMain {
    static final String LOCK = "broker.lock";
    static final String SETTINGS = "server.properties";

    private static final Duration SHUTDOWN = Duration.ofSeconds(20);
    private static final int BAD_START = 1;

    private BrokerMain() {}

    /**
     * Runs it.
     *
     * @param arguments the directory of the broker, and the id of the cluster if it is new
     */
    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path settingsFile = directory.resolve(SETTINGS);
        Thread parent = new Thread(BrokerMain::endWithParent, "end with parent");
        parent.setDaemon(true);
        parent.start();
        // Held until the process ends, so that the next start can tell whether this one has.
        if (ProcessLock.tryAcquire(directory, LOCK).isEmpty()) {
            System.out.println("another broker runs here");
            System.exit(BAD_START);
        }
        Properties settings = new Properties();
        try (var reader = Files.newBufferedReader(settingsFile)) {
            settings.load(reader);
        }
        Path data = Path.of(settings.getProperty("log.dirs"));
        if (!Files.exists(data)) {
            format(settings, data, arguments[1]);
        }
        MarkersForOfflinePartitions.install();
        Kafka.main(new String[] {settingsFile.toString()});
    }

    /** Under another name first, so that a directory of this name is always a whole one. */
    private static void format(Properties settings, Path data, String clusterId) throws IOException {
        Path unfinished = data.resolveSibling(data.getFileName() + ".unfinished");
        if (Files.exists(unfinished)) {
            PathUtils.deleteDirectory(unfinished);
        }
        Properties there = new Properties();
        there.putAll(settings);
        there.setProperty("log.dirs", unfinished.toString());
        Path file = data.resolveSibling("format.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            there.store(writer, null);
        }
        int exitCode = StorageTool.execute(
                new String[] {"format", "--cluster-id", clusterId, "--config", file.toString()}, System.out);
        if (exitCode != 0) {
            throw new EmbeddedServerException("cannot format " + unfinished + " (exit code " + exitCode + ")");
        }
        Files.delete(file);
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The other end of our standard input is held by the parent alone: it closes when the parent dies, even of -9. */
    @SuppressWarnings("SystemExitOutsideMain")
    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever said; only the end matters.
            }
        } catch (IOException broken) {
            // As good as closed.
        }
        Thread deadline = new Thread(BrokerMain::haltWhenLate, "shutdown deadline");
        deadline.setDaemon(true);
        deadline.start();
        System.exit(0);
    }

    private static void haltWhenLate() {
        try {
            Thread.sleep(SHUTDOWN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(BAD_START);
    }
}
