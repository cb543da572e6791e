package booking.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * A file of the class path, read once and served from memory. Browsers are told to load nothing for it from elsewhere, to
 * run no script that stands in a page itself, and to ask each time whether it has changed.
 */
final class StaticFile {
    /** Images may also stand in a style sheet. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/schema+json",
            "png", "image/png",
            "yaml", "application/yaml");

    private final String contentType;
    private final String entityTag;
    private final Buffer content;

    private StaticFile(String contentType, byte[] content) {
        this.contentType = contentType;
        this.entityTag = '"' + sha256(content) + '"';
        this.content = Buffer.buffer(content);
    }

    /**
     * Reads one.
     *
     * @param path from the root of the class path, without a slash at its start; its ending says what it is
     */
    static StaticFile read(String path) {
        String contentType = CONTENT_TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        if (contentType == null) {
            throw new IllegalArgumentException("no content type is known for " + path);
        }
        return new StaticFile(contentType, bytes(path));
    }

    /** What a file of the class path holds. */
    static byte[] bytes(String path) {
        try (InputStream file = StaticFile.class.getResourceAsStream('/' + path)) {
            if (file == null) {
                throw new IllegalStateException("no " + path + " on the class path");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers with it, or with 304 to those who have it already. */
    void answer(RoutingContext call) {
        var response = call.response();
        if (Answers.isOver(response)) {
            return;
        }
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        call.etag(entityTag);
        if (call.isFresh()) {
            var unused = response.setStatusCode(304).end();
        } else {
            var unused =
                    response.putHeader(HttpHeaders.CONTENT_TYPE, contentType).end(content);
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
