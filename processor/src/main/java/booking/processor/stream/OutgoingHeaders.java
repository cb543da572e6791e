package booking.processor.stream;

import booking.processor.desk.Answer;
import booking.schemas.availability.Availability;
import booking.schemas.command.CommandType;
import booking.schemas.topic.CloudEventHeaders;
import booking.schemas.topic.HeaderNames;
import booking.telemetry.TraceParent;
import io.opentelemetry.api.trace.SpanContext;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The headers of what we publish: CloudEvents 1.0, binary mode, and what the sender of a command gave of its own. */
final class OutgoingHeaders {
    // A sender's own headers come back to it; who sends more than this gets none of them back.
    private static final int MOST_COPIED = 64;
    private static final int MOST_COPIED_BYTES = 8 * 1024;

    private static final String OURS = "ce_";
    private static final String STREAMS = "__streams";

    private OutgoingHeaders() {}

    /** Of the result that answers this command. */
    static Headers ofResult(ConsumerRecord<byte[], byte[]> command, Answer.Result answer) {
        Headers headers = CloudEventHeaders.of(
                answer.commandId().toString(),
                "booking.result." + answer.type().map(CommandType::wireName).orElse("unknown"),
                source(command),
                answer.decidedAt());
        copySendersOwn(command.headers(), headers);
        return headers;
    }

    /** Of an event's availability after commands from this partition. */
    static Headers ofAvailability(String commandsTopic, int partition, Availability availability) {
        return CloudEventHeaders.of(
                availability.eventId() + ":" + availability.snapshot().version(),
                "booking.availability",
                "/" + commandsTopic + "/" + partition,
                availability.updatedAt());
    }

    /** Has the trace go on from this span, rather than from where the command came from. */
    static void goOn(Headers headers, SpanContext span) {
        headers.remove(HeaderNames.TRACE_PARENT).remove(HeaderNames.TRACE_STATE);
        TraceParent.write(span, (name, value) -> headers.add(name, utf8(value)));
    }

    private static String source(ConsumerRecord<byte[], byte[]> command) {
        return "/" + command.topic() + "/" + command.partition() + "/" + command.offset();
    }

    private static void copySendersOwn(Headers from, Headers to) {
        int count = 0;
        int bytes = 0;
        for (Header header : from) {
            count++;
            bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        if (count > MOST_COPIED || bytes > MOST_COPIED_BYTES) {
            return;
        }
        for (Header header : from) {
            String name = header.key();
            if (!name.startsWith(OURS) && !name.startsWith(STREAMS) && !name.equals(HeaderNames.CONTENT_TYPE)) {
                to.add(header);
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
