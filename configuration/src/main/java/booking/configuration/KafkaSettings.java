package booking.configuration;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How to reach Kafka. What a service's promises rest on, such as {@code acks}, it sets itself, after these.
 *
 * @param clientProperties {@code bootstrap.servers} and every client property given as a variable
 */
public record KafkaSettings(Map<String, Object> clientProperties) {
    static final String VARIABLE_PREFIX = "BOOKING_KAFKA_";

    private static final String SERVER = "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):[0-9]{1,5}";
    private static final Pattern SERVERS = Pattern.compile("\\s*" + SERVER + "(\\s*,\\s*" + SERVER + ")*\\s*");

    public KafkaSettings {
        clientProperties = Map.copyOf(clientProperties);
    }

    /** Takes {@code BOOKING_KAFKA_BOOTSTRAP_SERVERS} and any client property, in upper case with _ for the dots. */
    public static KafkaSettings from(Settings settings) {
        Map<String, Object> properties = new HashMap<>();
        Set<String> known = clientVariables();
        settings.variablesStartingWith(VARIABLE_PREFIX).forEach((variable, value) -> {
            if (known.contains(variable)) {
                properties.put(propertyOf(variable), value);
            }
        });
        properties.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                settings.text("kafka.bootstrap-servers", SERVERS, "one or more host:port, separated by commas"));
        return new KafkaSettings(properties);
    }

    /** The brokers to ask first. */
    public String bootstrapServers() {
        return String.valueOf(clientProperties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** The names only: among the values may be secrets. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers() + ", " + new TreeSet<>(clientProperties.keySet()) + "]";
    }

    private static String propertyOf(String variable) {
        return variable.substring(VARIABLE_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.');
    }

    /** One for each property of the clients. */
    static Set<String> clientVariables() {
        Set<String> variables = new TreeSet<>();
        for (Set<String> names :
                Set.of(AdminClientConfig.configNames(), ProducerConfig.configNames(), ConsumerConfig.configNames())) {
            names.forEach(name -> variables.add(
                    VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_')));
        }
        return variables;
    }
}
