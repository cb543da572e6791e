package booking.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads requests as Vert.x does, but no more than so many header fields of each. Vert.x bounds their bytes alone, and a field takes
 * far more memory than it has bytes: thousands of two each can be sent in one head, or after a chunked body. And a connection is
 * closed also after a request that says so beside other things (RFC 9112, section 9.3), which Vert.x does not see.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {
    /** The name under which Vert.x has its own. */
    static final String NAME = "httpDecoder";
    /** As much as Apache's server takes by default. */
    static final int MOST_FIELDS = 100;

    private int fields;

    RequestDecoder() {
        super(new Http1ServerConfig());
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> decoded) throws Exception {
        int before = decoded.size();
        super.decode(context, bytes, decoded);
        for (int i = before; i < decoded.size(); i++) {
            if (decoded.get(i) instanceof HttpMessage head && saysClose(head)) {
                head.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        }
    }

    /** Not asked of the headers themselves, as they miss an option behind a tab. */
    private static boolean saysClose(HttpMessage head) {
        return head.headers().getAll(HttpHeaders.CONNECTION).stream()
                .flatMap(options -> Stream.of(options.split(",")))
                .anyMatch(option -> HttpHeaders.CLOSE.toString().equalsIgnoreCase(option.strip()));
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        fields = 0;
        return super.createMessage(initialLine);
    }

    /** Called once for each field, also for those after a body. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        fields++;
        if (fields > MOST_FIELDS) {
            throw new TooLongHttpHeaderException("more than " + MOST_FIELDS + " header fields");
        }
        return super.splitHeaderName(line, start, length);
    }
}
