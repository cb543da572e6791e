package booking.gateway.http;

import booking.schemas.json.UuidText;
import booking.schemas.result.Position;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what calls say in their queries, and refuses what cannot be read. */
final class Queries {
    private static final int LONGEST_SEARCH = 255;
    private static final int USUAL_LIMIT = 100;
    private static final int HIGHEST_LIMIT = 1_000;
    private static final Pattern LIMIT = Pattern.compile("\\d{1,4}");
    private static final Pattern AT = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

    private Queries() {}

    /** The value of this name, if there is one; it must not be given twice. */
    static Optional<String> single(RoutingContext call, String name) {
        List<String> values = call.queryParam(name);
        if (values.size() > 1) {
            throw malformed(name + " must be given once");
        }
        return values.stream().findFirst();
    }

    /** A text to look for, if there is one; an empty one looks for nothing. */
    static Optional<String> search(RoutingContext call, String name) {
        Optional<String> text = single(call, name).filter(given -> !given.isEmpty());
        if (text.filter(given -> given.codePointCount(0, given.length()) > LONGEST_SEARCH)
                .isPresent()) {
            throw malformed(name + " may have " + LONGEST_SEARCH + " characters at most");
        }
        return text;
    }

    /** How many entries a page may have. */
    static int limit(RoutingContext call) {
        return single(call, "limit").map(Queries::limit).orElse(USUAL_LIMIT);
    }

    static Optional<UUID> uuid(RoutingContext call, String name) {
        return single(call, name)
                .map(text -> UuidText.parse(text).orElseThrow(() -> malformed(name + " must be a UUID")));
    }

    static Optional<Position> position(RoutingContext call, String name) {
        return single(call, name).map(text -> {
            Matcher matcher = AT.matcher(text);
            if (!matcher.matches()) {
                throw malformed(name + " must be {partition}-{offset}, such as 3-5120");
            }
            return new Position(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
        });
    }

    static RequestRefused malformed(String detail) {
        return new RequestRefused(ProblemCode.MALFORMED_REQUEST, detail);
    }

    private static int limit(String text) {
        int limit = LIMIT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw malformed("limit must be a whole number from 1 to " + HIGHEST_LIMIT);
        }
        return limit;
    }
}
