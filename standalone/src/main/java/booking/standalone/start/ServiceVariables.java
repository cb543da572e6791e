package booking.standalone.start;

import booking.configuration.SettingsException;
import booking.embedded.KafkaOptions;
import booking.embedded.PostgresOptions;
import booking.gateway.GatewaySettings;
import booking.processor.ProcessorSettings;
import booking.processor.setup.SetupSettings;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The variables that the services are told by: those of our environment, and where the servers are. */
final class ServiceVariables {
    private static final String KAFKA = "BOOKING_KAFKA_BOOTSTRAP_SERVERS";
    private static final String DATABASE = "BOOKING_DATABASE_URL";
    private static final String GATEWAY_PORT = "BOOKING_HTTP_PORT";
    private static final String HEALTH_PORT = "BOOKING_PROCESSOR_HEALTH_PORT";
    private static final String COPIES = "BOOKING_TOPICS_REPLICATION_FACTOR";
    private static final String SESSION = "BOOKING_PROCESSOR_SESSION_TIMEOUT";

    private static final String OWN_ROLES = "it brings its own PostgreSQL, with roles of its own and no passwords";

    private static final Map<String, String> OURS = Map.ofEntries(
            Map.entry(KAFKA, "it brings its own Kafka; choose its port with --kafka-port"),
            Map.entry("BOOKING_KAFKA_SECURITY_PROTOCOL", "it brings its own Kafka, which asks nobody who calls"),
            Map.entry(DATABASE, "it brings its own PostgreSQL; choose its port with --postgres-port"),
            Map.entry("BOOKING_DATABASE_USER", OWN_ROLES),
            Map.entry("BOOKING_DATABASE_PASSWORD", OWN_ROLES),
            Map.entry("BOOKING_SETUP_DATABASE_USER", OWN_ROLES),
            Map.entry("BOOKING_SETUP_DATABASE_PASSWORD", OWN_ROLES),
            Map.entry("BOOKING_SETUP_APPLICATION_ROLE", OWN_ROLES),
            Map.entry("BOOKING_SETUP_READER_ROLE", OWN_ROLES),
            Map.entry(GATEWAY_PORT, "choose the port with --port"));

    private static final List<Consumer<Map<String, String>>> READERS =
            List.of(SetupSettings::from, ProcessorSettings::from, GatewaySettings::from);

    private final Map<String, String> environment;

    /** @throws StartFailedException when the environment says what the start itself has to say, with one line for each */
    ServiceVariables(Map<String, String> environment) {
        String refused = OURS.entrySet().stream()
                .filter(ours -> !environment.getOrDefault(ours.getKey(), "").isBlank())
                .map(ours -> ours.getKey() + " is set, but start does not take it: " + ours.getValue())
                .sorted()
                .collect(Collectors.joining(System.lineSeparator()));
        if (!refused.isEmpty()) {
            throw new StartFailedException(refused);
        }
        this.environment = Map.copyOf(environment);
    }

    /**
     * Finds all bad values before anything is started; what the servers will be told is as good as any.
     *
     * @throws StartFailedException with one line for each
     */
    void check() {
        Map<String, String> told = with("127.0.0.1:" + KafkaOptions.DEFAULT_PORT, PostgresOptions.DEFAULT_PORT, 0);
        Set<String> problems = new LinkedHashSet<>();
        for (Consumer<Map<String, String>> reader : READERS) {
            try {
                reader.accept(told);
            } catch (SettingsException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new StartFailedException(String.join(System.lineSeparator(), problems));
        }
        int copies = SetupSettings.from(told).topics().replicationFactor();
        if (copies > 1) {
            throw new StartFailedException(COPIES + " is " + copies
                    + ", but start brings one broker, which has one copy of each topic: leave it out");
        }
    }

    /** With where the servers are. */
    Map<String, String> with(String bootstrapServers, int postgresPort, int gatewayPort) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(KAFKA, bootstrapServers);
        all.put(DATABASE, "jdbc:postgresql://127.0.0.1:" + postgresPort + "/booking");
        all.put(GATEWAY_PORT, Integer.toString(gatewayPort));
        // Nobody asks there: the gateway and the processor are one process. Any port will do.
        all.putIfAbsent(HEALTH_PORT, "0");
        // After a crash the next processor waits for the session of the last; they are neighbours, so it can be short.
        all.putIfAbsent(SESSION, "2s");
        return all;
    }
}
