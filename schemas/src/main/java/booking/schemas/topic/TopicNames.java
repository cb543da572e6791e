package booking.schemas.topic;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The topics of one set. Moving to more partitions means moving to a new set, so the names can be chosen.
 *
 * @param commands what clients ask for
 * @param results the answers
 * @param availability the latest state of each event
 * @param deadLetters records that cannot be answered, as they came
 */
public record TopicNames(String commands, String results, String availability, String deadLetters) {
    private static final Pattern LEGAL = Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._-]{1,249}");

    /** {@code booking-commands}, {@code booking-results}, {@code booking-availability}, {@code booking-commands-dlq}. */
    public static final TopicNames DEFAULT = withPrefix("booking");

    /** @throws IllegalArgumentException when Kafka would refuse a name, or two are the same */
    public TopicNames {
        List<String> all = List.of(commands, results, availability, deadLetters);
        for (String name : all) {
            if (!LEGAL.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a topic name has 1 to 249 of A-Z a-z 0-9 . _ -, was \"" + name + "\"");
            }
        }
        // Results among the commands would be answered, and the answers too.
        if (Set.copyOf(all).size() < all.size()) {
            throw new IllegalArgumentException("topic names must differ, were " + String.join(", ", all));
        }
    }

    /** The four names that start with this prefix, such as {@code booking} or {@code booking-2}. */
    public static TopicNames withPrefix(String prefix) {
        return new TopicNames(
                prefix + "-commands", prefix + "-results", prefix + "-availability", prefix + "-commands-dlq");
    }
}
