package booking.telemetry;

import booking.configuration.TracingSettings;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
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
     * @throws RuntimeException when a variable of OpenTelemetry has a bad value; the message names it
     */
    public static Tracing start(String service, TracingSettings settings) {
        if (!settings.isOn()) {
            return off();
        }
        Map<String, String> properties = new HashMap<>();
        properties.put("otel.service.name", service);
        properties.put("otel.exporter.otlp.protocol", "http/protobuf");
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

    /** What reads and writes {@code traceparent} and {@code tracestate}. */
    public TextMapPropagator propagator() {
        return openTelemetry.getPropagators().getTextMapPropagator();
    }

    /** Sends what is left, for a moment. */
    @Override
    public void close() {
        stop.run();
    }
}
