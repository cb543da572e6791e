package booking.configuration;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Has Kafka's clients say the same only once a minute, all of them together. A service has about a dozen, and while a broker
 * is away each tells of each of its attempts to reach it: twenty lines a second. Logback's own {@code DuplicateMessageFilter}
 * would fall silent for good, and silence our own messages, too.
 */
public final class KafkaRepetitions extends Filter<ILoggingEvent> {
    private static final String CLIENTS = "org.apache.kafka.clients.";
    /** Which of them says it, such as {@code [Producer clientId=producer-1]}. */
    private static final Pattern WHO = Pattern.compile("^\\[[^]]*] ");

    private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final int MOST_REMEMBERED = 200;

    /** When each was told last, the longest ago first. */
    private final Map<String, Long> toldAtMillis = new LinkedHashMap<>();

    @Override
    public synchronized FilterReply decide(ILoggingEvent event) {
        if (!event.getLoggerName().startsWith(CLIENTS)) {
            return FilterReply.NEUTRAL;
        }
        String words = WHO.matcher(event.getFormattedMessage()).replaceFirst("");
        Long before = toldAtMillis.get(words);
        // A clock may be set back, which is no reason to be silent.
        if (before != null && Math.abs(event.getTimeStamp() - before) < MINUTE_MILLIS) {
            return FilterReply.DENY;
        }
        toldAtMillis.remove(words);
        toldAtMillis.put(words, event.getTimeStamp());
        if (toldAtMillis.size() > MOST_REMEMBERED) {
            Iterator<String> oldest = toldAtMillis.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return FilterReply.NEUTRAL;
    }
}
