package booking.schemas.topic;

/**
 * The topics of one set. Moving to more partitions means moving to a new set, so the names can be chosen.
 *
 * @param commands what clients ask for
 * @param results the answers
 * @param availability the latest state of each event
 * @param deadLetters records that cannot be answered, as they came
 */
public record TopicNames(String commands, String results, String availability, String deadLetters) {
    /** {@code booking-commands}, {@code booking-results}, {@code booking-availability}, {@code booking-commands-dlq}. */
    public static final TopicNames DEFAULT = withPrefix("booking");

    /** The four names that start with this prefix, such as {@code booking} or {@code booking-2}. */
    public static TopicNames withPrefix(String prefix) {
        return new TopicNames(
                prefix + "-commands", prefix + "-results", prefix + "-availability", prefix + "-commands-dlq");
    }
}
