package booking.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How to run a broker.
 *
 * @param directory where data and log are kept; made when missing
 * @param port where clients connect, on 127.0.0.1
 * @param settings broker settings, as in server.properties, that take precedence over ours
 * @param jvmArguments what the broker's JVM is started with
 * @param clusterId the cluster that a new broker belongs to, instead of one of its own
 */
public record KafkaOptions(
        Path directory,
        PortRequest port,
        Map<String, String> settings,
        List<String> jvmArguments,
        Optional<String> clusterId) {
    public static final int DEFAULT_PORT = 9092;

    // In a heap of this size the serial collector pauses no longer than others, and leaves more of few processors.
    private static final List<String> DEFAULT_JVM_ARGUMENTS = List.of("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC");

    public KafkaOptions {
        settings = Map.copyOf(settings);
        jvmArguments = List.copyOf(jvmArguments);
    }

    /** On the default port or the next free one. */
    public static KafkaOptions in(Path directory) {
        return new KafkaOptions(
                directory, PortRequest.firstFreeFrom(DEFAULT_PORT), Map.of(), DEFAULT_JVM_ARGUMENTS, Optional.empty());
    }

    public KafkaOptions withPort(PortRequest chosen) {
        return new KafkaOptions(directory, chosen, settings, jvmArguments, clusterId);
    }

    public KafkaOptions withSetting(String name, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(name, value);
        return new KafkaOptions(directory, port, more, jvmArguments, clusterId);
    }

    public KafkaOptions withJvmArguments(List<String> arguments) {
        return new KafkaOptions(directory, port, settings, arguments, clusterId);
    }

    /**
     * As one of several brokers. Those that make up the quorum must be started at the same time, as each waits for the
     * cluster to answer.
     */
    public KafkaOptions inCluster(String id) {
        return new KafkaOptions(directory, port, settings, jvmArguments, Optional.of(id));
    }
}
