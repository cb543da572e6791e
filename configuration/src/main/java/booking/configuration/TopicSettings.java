package booking.configuration;

import booking.schemas.topic.TopicNames;
import java.util.regex.Pattern;

/**
 * Which set of topics a service works on.
 *
 * @param names the four topics
 */
public record TopicSettings(TopicNames names) {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    /** Takes {@code BOOKING_TOPICS_PREFIX}. */
    public static TopicSettings from(Settings settings) {
        return new TopicSettings(
                TopicNames.withPrefix(settings.text("topics.prefix", PREFIX, "1 to 200 of A-Z a-z 0-9 . _ -")));
    }
}
