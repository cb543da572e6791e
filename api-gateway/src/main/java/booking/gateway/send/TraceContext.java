package booking.gateway.send;

import booking.schemas.topic.HeaderNames;
import booking.telemetry.TraceParent;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Optional;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The W3C trace context of a request, which its command and result carry on.
 *
 * @param parent {@code traceparent}
 * @param state {@code tracestate}, only ever together with the parent
 */
public record TraceContext(Optional<String> parent, Optional<String> state) {
    public static final TraceContext NONE = new TraceContext(Optional.empty(), Optional.empty());

    private static final int LONGEST_STATE = 512;

    /** The context in these header values; what is missing or not valid is left out, as the standard asks. */
    public static TraceContext of(Optional<String> parent, Optional<String> state) {
        if (parent.isEmpty()) {
            return NONE;
        }
        TraceContext said = new TraceContext(parent, state.filter(value -> value.length() <= LONGEST_STATE));
        SpanContext understood = said.understood();
        if (!understood.isValid()) {
            return NONE;
        }
        return understood.getTraceState().isEmpty() ? new TraceContext(parent, Optional.empty()) : said;
    }

    /** Says in a line of the log which trace it is about, when it is about one. */
    public void addTo(LoggingEventBuilder line) {
        TraceParent.addTo(line, understood());
    }

    private SpanContext understood() {
        return TraceParent.of(name -> (name.equals(HeaderNames.TRACE_PARENT) ? parent : state).orElse(null));
    }
}
