package booking.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.webjars.WebJarVersionLocator;

/**
 * A file of the class path, read once and served from memory. Browsers are told to load nothing for it from elsewhere, to
 * run no script that stands in a page itself, and, if not told otherwise, to ask each time whether it has changed.
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
            "svg", "image/svg+xml",
            "yaml", "application/yaml");

    private static final String ASKED_FOR_EACH_TIME = "no-cache";
    /** A year is as good as for ever (RFC 9111, section 5.2.2.1), and no reload asks (RFC 8246). */
    private static final String KEPT_FOR_EVER = "public, max-age=31536000, immutable";

    private static final WebJarVersionLocator WEB_JARS = new WebJarVersionLocator();

    private final String contentType;
    private final String entityTag;
    private final Buffer content;
    private final String caching;
    private final String policy;

    private StaticFile(String contentType, byte[] content, String caching, String policy) {
        this.contentType = contentType;
        this.entityTag = '"' + sha256(content) + '"';
        this.content = Buffer.buffer(content);
        this.caching = caching;
        this.policy = policy;
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
        return new StaticFile(contentType, bytes(path), ASKED_FOR_EACH_TIME, CONTENT_SECURITY_POLICY);
    }

    /** Reads one of a WebJar, in whatever version it is there. */
    static StaticFile ofWebJar(String webJar, String path) {
        String whole = WEB_JARS.fullPath(webJar, path);
        if (whole == null) {
            throw new IllegalStateException("no WebJar " + webJar + " on the class path");
        }
        return read(whole);
    }

    /** Stands for all of these, their names and their contents. */
    static String versionOf(Map<String, StaticFile> files) {
        StringBuilder all = new StringBuilder();
        new TreeMap<>(files)
                .forEach((name, file) -> all.append(name).append(file.entityTag).append('\n'));
        return sha256(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    /** The same for an address that will never have another. */
    StaticFile keptForEver() {
        return new StaticFile(contentType, content.getBytes(), KEPT_FOR_EVER, policy);
    }

    /** The same with more rules for the browser that runs it. */
    StaticFile under(String rules) {
        return new StaticFile(contentType, content.getBytes(), caching, policy + "; " + rules);
    }

    /** The same with one text instead of another. */
    StaticFile replacing(String text, String with) {
        byte[] replaced =
                content.toString(StandardCharsets.UTF_8).replace(text, with).getBytes(StandardCharsets.UTF_8);
        return new StaticFile(contentType, replaced, caching, policy);
    }

    /** What a file of the class path holds. */
    private static byte[] bytes(String path) {
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
        response.putHeader(HttpHeaders.CACHE_CONTROL, caching)
                .putHeader("Content-Security-Policy", policy)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        call.etag(entityTag);
        if (call.isFresh()) {
            var unused = response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
            PiecewiseAnswer.give(call, content, () -> {}, () -> {});
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
