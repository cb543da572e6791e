package booking.processor.stream;

import booking.processor.desk.Answer;
import booking.processor.desk.Occasion;
import booking.schemas.command.CommandType;
import booking.telemetry.TraceParent;
import booking.telemetry.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Spans of commands, from their poll to their answer: only of those whose senders have theirs sampled, as there are far
 * too many of the others. They say what was decided, and never for whom.
 */
final class CommandSpans {
    // Names of OpenTelemetry's conventions for messaging, and ours after them.
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    private static final AttributeKey<String> COMMAND_ID = AttributeKey.stringKey("booking.command.id");
    private static final AttributeKey<String> EVENT_ID = AttributeKey.stringKey("booking.event.id");
    private static final AttributeKey<String> OCCASION = AttributeKey.stringKey("booking.occasion");
    private static final AttributeKey<String> REFUSAL = AttributeKey.stringKey("booking.refusal");

    private final Tracer tracer;
    private final boolean on;

    CommandSpans(Tracing tracing) {
        this.tracer = tracing.tracer();
        this.on = tracing.isOn();
    }

    /** The span of an answered command; empty when nobody has asked for one. */
    Optional<SpanContext> answered(
            ConsumerRecord<byte[], byte[]> command, Answer.Result result, Occasion occasion, Poll poll) {
        return sampledParent(command).map(parent -> {
            String type = result.type().map(CommandType::wireName).orElse("unknown");
            SpanBuilder builder = begin("decide " + type, parent, command, poll)
                    .setAttribute(COMMAND_ID, result.commandId().toString())
                    .setAttribute(EVENT_ID, result.eventId())
                    .setAttribute(OCCASION, occasion.kind().name().toLowerCase(Locale.ROOT));
            occasion.refusal().ifPresent(reason -> builder.setAttribute(REFUSAL, reason.name()));
            Span span = builder.startSpan();
            span.end();
            return span.getSpanContext();
        });
    }

    /** Makes a span of a record that nobody can be answered to, when its sender has asked for one. */
    void deadLetter(ConsumerRecord<byte[], byte[]> record, Answer.DeadLetter deadLetter, Poll poll) {
        sampledParent(record)
                .ifPresent(parent -> begin("dead letter", parent, record, poll)
                        .setAttribute(REFUSAL, deadLetter.why().cause().name())
                        .startSpan()
                        .setStatus(StatusCode.ERROR)
                        .end());
    }

    /** The span that a record comes from; invalid when it does not say so. */
    static SpanContext parent(Headers headers) {
        return TraceParent.of(name -> {
            Header header = headers.lastHeader(name);
            return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
        });
    }

    private Optional<SpanContext> sampledParent(ConsumerRecord<byte[], byte[]> record) {
        return on ? Optional.of(parent(record.headers())).filter(SpanContext::isSampled) : Optional.empty();
    }

    private SpanBuilder begin(String name, SpanContext parent, ConsumerRecord<byte[], byte[]> record, Poll poll) {
        return tracer.spanBuilder(name)
                .setParent(Context.root().with(Span.wrap(parent)))
                .setSpanKind(SpanKind.CONSUMER)
                .setStartTimestamp(poll.arrivedAt())
                .setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION, "process")
                .setAttribute(TOPIC, record.topic())
                .setAttribute(PARTITION, Integer.toString(record.partition()))
                .setAttribute(OFFSET, record.offset());
    }
}
