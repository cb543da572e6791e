package booking.gateway.http;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code If-Match}: the version of the event that the client saw. */
final class IfMatch {
    private static final Pattern VERSION = Pattern.compile("\"([1-9][0-9]{0,17})\"");

    private IfMatch() {}

    /** The version in these headers; empty when there are none, or when any version will do. */
    static OptionalLong version(List<String> headers) {
        if (headers.isEmpty() || (headers.size() == 1 && headers.get(0).equals("*"))) {
            return OptionalLong.empty();
        }
        Matcher matcher = VERSION.matcher(headers.get(0));
        if (headers.size() > 1 || !matcher.matches()) {
            throw new RequestRefused(
                    ProblemCode.MALFORMED_REQUEST,
                    "If-Match must be * or one ETag as GET of the event gives it, such as \"7\"");
        }
        return OptionalLong.of(Long.parseLong(matcher.group(1)));
    }
}
