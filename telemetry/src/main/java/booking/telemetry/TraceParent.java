package booking.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The trace that something belongs to, as its headers say it.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
public final class TraceParent {
    private static final W3CTraceContextPropagator HEADERS = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<UnaryOperator<@Nullable String>> GETTER =
            (header, name) -> header == null ? null : header.apply(name);
    private static final TextMapSetter<BiConsumer<String, String>> SETTER = (headers, name, value) -> {
        if (headers != null) {
            headers.accept(name, value);
        }
    };

    private TraceParent() {}

    /**
     * What these headers say.
     *
     * @param header gives the value of a header, or null
     * @return invalid when there is none, or none that can be understood
     */
    public static SpanContext of(UnaryOperator<@Nullable String> header) {
        return Span.fromContext(HEADERS.extract(Context.root(), header, GETTER)).getSpanContext();
    }

    /** Says in headers that what they are of comes from this span. */
    public static void write(SpanContext span, BiConsumer<String, String> headers) {
        HEADERS.inject(Context.root().with(Span.wrap(span)), headers, SETTER);
    }

    /** Says in a line of the log which trace it is about, when it is about one. */
    public static void addTo(LoggingEventBuilder line, SpanContext span) {
        if (span.isValid()) {
            var unused = line.addKeyValue("trace_id", span.getTraceId()).addKeyValue("span_id", span.getSpanId());
        }
    }
}
