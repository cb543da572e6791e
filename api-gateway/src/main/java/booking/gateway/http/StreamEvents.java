package booking.gateway.http;

import booking.gateway.follow.Gap;
import booking.gateway.follow.Positions;
import booking.gateway.follow.Published;
import booking.gateway.follow.Published.Kind;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes server-sent events, as the HTML standard has them (section 9.2.5, parsing an event stream). */
final class StreamEvents {
    static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");
    /** How soon a browser comes back by itself, and a comment, so that the reader sees at once that it is connected. */
    static final Buffer WELCOME = Buffer.buffer("retry: 2000\n:\n\n");

    private static final JsonMapper JSON = new JsonMapper();
    private static final byte LINE_FEED = '\n';
    private static final byte CARRIAGE_RETURN = '\r';

    private StreamEvents() {}

    /**
     * Says that the reader has been given everything before this place: where a stream begins, or has caught up. An id
     * without data is no event, and is what the reader comes back with all the same.
     */
    static Buffer reached(Positions positions) {
        return Buffer.buffer("id: " + positions + "\n\n");
    }

    /** Adds a record, with where its reader is after it. */
    static void append(Buffer events, Positions id, Published record) {
        String name = record.kind() == Kind.RESULT ? "result" : "availability";
        events.appendString("id: " + id + "\nevent: " + name + "\ndata: ");
        byte[] json = record.value();
        // The processor writes one line; a record with more of them must not end up as other fields of the event.
        boolean oneLine = true;
        for (byte b : json) {
            oneLine &= b != LINE_FEED && b != CARRIAGE_RETURN;
        }
        if (oneLine) {
            events.appendBytes(json);
        } else {
            events.appendString(new String(json, StandardCharsets.UTF_8).replaceAll("[\\r\\n]+", " "));
        }
        events.appendString("\n\n");
    }

    /** Tells that something is missing here, and where the stream goes on. */
    static Buffer gap(Gap gap, Positions id) {
        return gap(
                "id: " + id + "\n",
                JSON.createObjectNode()
                        .put("detail", "what was asked for is not, or no longer, in the topic")
                        .put("topic", gap.topic())
                        .put("partition", gap.partition())
                        .put("from", gap.from())
                        .put("to", gap.to()));
    }

    /** Tells that the topics are not those of the reader's last id. */
    static Buffer otherTopics() {
        return gap(
                "",
                JSON.createObjectNode()
                        .put("detail", "the topics are others than those of the last id; the stream begins now"));
    }

    private static Buffer gap(String id, ObjectNode data) {
        return Buffer.buffer(id + "event: gap\ndata: ")
                .appendBytes(JSON.writeValueAsBytes(data))
                .appendString("\n\n");
    }
}
