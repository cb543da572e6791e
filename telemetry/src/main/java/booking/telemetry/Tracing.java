package booking.telemetry;

import booking.configuration.TracingSettings;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The traces of one service. Off unless the settings say where they go; then nothing is done for them.
 *
 * <p>Of OpenTelemetry only traces are used: metrics are Micrometer's, and logs go to standard error.
 */
public final class Tracing implements AutoCloseable {
    private static final long LAST_EXPORT_SECONDS = 5;
    private static final String SCOPE = "booking";
    private static final String HTTP = "http/protobuf";

    private final OpenTelemetry openTelemetry;
    private final Runnable stop;
    private final boolean on;

    private Tracing(OpenTelemetry openTelemetry, boolean on, Runnable stop) {
        this.openTelemetry = openTelemetry;
        this.on = on;
        this.stop = stop;
    }

    /**
     * Starts to send traces, when the settings say so.
     *
     * @param service the service's name, unless {@code OTEL_SERVICE_NAME} gives another
     * @throws RuntimeException when a variable of OpenTelemetry has a bad value; the message says which
     */
    public static Tracing start(String service, TracingSettings settings) {
        if (!settings.isOn()) {
            return off();
        }
        for (String protocol : List.of("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")) {
            String said = settings.variables().getOrDefault(protocol, HTTP);
            if (!said.equals(HTTP)) {
                throw new IllegalArgumentException(protocol + " is \"" + said + "\", must be " + HTTP
                        + ", which every collector takes (port 4318)");
            }
        }
        Map<String, String> properties = new HashMap<>();
        properties.put("otel.service.name", service);
        properties.put("otel.exporter.otlp.protocol", HTTP);
        settings.variables()
                .forEach((variable, value) ->
                        properties.put(variable.toLowerCase(Locale.ROOT).replace('_', '.'), value));
        properties.put("otel.metrics.exporter", "none");
        properties.put("otel.logs.exporter", "none");
        properties.put("otel.propagators", "tracecontext");
        OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesCustomizer(ignored -> properties)
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk();
        return new Tracing(sdk, true, () -> sdk.shutdown().join(LAST_EXPORT_SECONDS, TimeUnit.SECONDS));
    }

    /** Without traces. */
    public static Tracing off() {
        return new Tracing(OpenTelemetry.noop(), false, () -> {});
    }

    /** Whether traces are sent. */
    public boolean isOn() {
        return on;
    }

    /** What makes spans. */
    public Tracer tracer() {
        return openTelemetry.getTracer(SCOPE);
    }

    /** Sends what is left, for a moment. */
    @Override
    public void close() {
        stop.run();
    }
}
