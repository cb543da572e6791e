package booking.gateway.send;

import booking.schemas.topic.HeaderNames;
import booking.telemetry.TraceParent;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The W3C trace context of a request, which its command and result carry on.
 *
 * @param parent {@code traceparent}
 * @param state {@code tracestate}, only ever together with the parent
 */
public record TraceContext(Optional<String> parent, Optional<String> state) {
    public static final TraceContext NONE = new TraceContext(Optional.empty(), Optional.empty());

    private static final Pattern PARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int LONGEST_STATE = 512;

    /** The context in these header values; what is missing or malformed is left out, as the standard asks. */
    public static TraceContext of(Optional<String> parent, Optional<String> state) {
        if (parent.filter(value -> PARENT.matcher(value).matches()).isEmpty()) {
            return NONE;
        }
        return new TraceContext(parent, state.filter(value -> value.length() <= LONGEST_STATE));
    }

    /** Says in a line of the log which trace it is about, when it is about one. */
    public void addTo(LoggingEventBuilder line) {
        TraceParent.addTo(
                line, TraceParent.of(name -> (name.equals(HeaderNames.TRACE_PARENT) ? parent : state).orElse(null)));
    }
}
