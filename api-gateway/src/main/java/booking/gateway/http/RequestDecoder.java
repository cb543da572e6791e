package booking.gateway.http;

import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;

/**
 * Reads requests as Vert.x does, but no more than so many header fields of each. Vert.x bounds their bytes alone, and a field takes
 * far more memory than it has bytes: thousands of two each can be sent in one head, or after a chunked body.
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
