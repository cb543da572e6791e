package booking.configuration;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where traces go, in the words of OpenTelemetry: its standard {@code OTEL_} variables, which are the same for every
 * service of whatever maker.
 *
 * @param variables those that are set and not blank
 * @see <a href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">Environment
 *     variables</a>
 */
public record TracingSettings(Map<String, String> variables) {
    private static final String PREFIX = "OTEL_";

    public TracingSettings {
        variables = Map.copyOf(variables);
    }

    /** Takes the {@code OTEL_} variables. */
    public static TracingSettings from(Map<String, String> environment) {
        return new TracingSettings(environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(PREFIX))
                .filter(variable -> !variable.getValue().isBlank())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new)));
    }

    /** Whether traces are to be sent anywhere: an exporter or an endpoint is named, and nothing says otherwise. */
    public boolean isOn() {
        if ("true".equalsIgnoreCase(variables.get("OTEL_SDK_DISABLED"))) {
            return false;
        }
        String exporter = variables.get("OTEL_TRACES_EXPORTER");
        if (exporter != null) {
            return !exporter.equalsIgnoreCase("none");
        }
        return variables.containsKey("OTEL_EXPORTER_OTLP_ENDPOINT")
                || variables.containsKey("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    }

    /** The names only: among the values may be secrets. */
    @Override
    public String toString() {
        return "TracingSettings" + new TreeSet<>(variables.keySet());
    }
}
