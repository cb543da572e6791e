package booking.schemas.topic;

import booking.schemas.command.Command;
import booking.schemas.json.InstantText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The headers that everything of ours has: CloudEvents 1.0 in the binary mode of its Kafka protocol binding. */
public final class CloudEventHeaders {
    private static final byte[] SPEC_VERSION = utf8("1.0");
    private static final byte[] JSON = utf8("application/json");

    private CloudEventHeaders() {}

    /**
     * Of a record with a JSON value.
     *
     * @param id what tells it from others of its source
     * @param type such as {@code booking.result.book}
     * @param source a URI reference
     */
    public static Headers of(String id, String type, String source, Instant time) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(HeaderNames.SPEC_VERSION, SPEC_VERSION);
        headers.add(HeaderNames.ID, utf8(id));
        headers.add(HeaderNames.TYPE, utf8(type));
        headers.add(HeaderNames.SOURCE, utf8(source));
        headers.add(HeaderNames.TIME, utf8(InstantText.of(time)));
        headers.add(HeaderNames.CONTENT_TYPE, JSON);
        return headers;
    }

    /** Of a command that is written now; {@code source} is who writes it, as a URI reference. */
    public static Headers ofCommand(Command command, String source) {
        return of(
                command.commandId().toString(),
                "booking.command." + command.type().wireName(),
                source,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
