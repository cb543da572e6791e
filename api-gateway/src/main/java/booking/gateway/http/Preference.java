package booking.gateway.http;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a client would like to wait for the result, as RFC 7240 lets it say.
 *
 * @param resultWait how long; zero when it does not want to
 * @param applied what of the client's preferences is followed
 */
record Preference(Duration resultWait, Optional<String> applied) {
    private static final Duration USUAL_WAIT = Duration.ofSeconds(5);
    private static final long LONGEST_WAIT_SECONDS = 30;
    private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*\"?(\\d{1,18})\"?");
    private static final String RESPOND_ASYNC = "respond-async";

    /** Reads the {@code Prefer} headers; as the standard asks, what is not understood is passed over. */
    static Preference of(List<String> headers) {
        Optional<Duration> wait = Optional.empty();
        for (String header : headers) {
            for (String item : header.split(",", -1)) {
                String preference = item.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
                if (preference.equals(RESPOND_ASYNC)) {
                    return new Preference(Duration.ZERO, Optional.of(RESPOND_ASYNC));
                }
                Matcher matcher = WAIT.matcher(preference);
                if (wait.isEmpty() && matcher.matches()) {
                    long seconds = Math.min(Long.parseLong(matcher.group(1)), LONGEST_WAIT_SECONDS);
                    wait = Optional.of(Duration.ofSeconds(seconds));
                }
            }
        }
        return new Preference(wait.orElse(USUAL_WAIT), wait.map(applied -> "wait=" + applied.toSeconds()));
    }
}
