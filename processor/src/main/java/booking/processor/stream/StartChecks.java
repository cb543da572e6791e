package booking.processor.stream;

import booking.processor.ProcessorSettings;
import booking.processor.store.BookingStore;
import java.util.Map;
import java.util.stream.Collectors;

/** What has to hold before the first command is decided. */
public final class StartChecks {
    private final ProcessorSettings settings;
    private final CommandsTopic topic;
    private final BookingStore store;
    private final ProgressComparison progress;

    public StartChecks(
            ProcessorSettings settings, CommandsTopic topic, BookingStore store, ProgressComparison progress) {
        this.settings = settings;
        this.topic = topic;
        this.store = store;
        this.progress = progress;
    }

    /**
     * Refuses to go on when a topic is missing, when the commands' time is not the broker's, when the database is behind
     * Kafka, or when Kafka has lost commands that the database has decided.
     *
     * @throws IllegalStateException when something does not hold; the message says what to do
     */
    public void run() {
        // Without them nothing could be answered, and nothing would be heard of it for a long time.
        topic.requireTopic(settings.topics().results());
        topic.requireTopic(settings.topics().availability());
        topic.requireTopic(settings.topics().deadLetters());
        requireBrokersTime();
        // The offsets first: other instances may be at work, and move the progress before them.
        Map<Integer, Long> offsets = topic.committedOffsets();
        Map<Integer, Long> decided = store.progress(topic.id());
        progress.requireNotBehind(offsets, decided);
        requireLogReachesThere(decided);
    }

    /**
     * What comes to an offset below the database's progress is taken for what was decided there, and never decided. So the
     * log must not end before it: it does when brokers have lost records that were acknowledged.
     */
    private void requireLogReachesThere(Map<Integer, Long> decided) {
        Map<Integer, Long> ends = topic.ends(decided.keySet());
        String tooShort = decided.entrySet().stream()
                .filter(progress -> ends.getOrDefault(progress.getKey(), 0L) < progress.getValue())
                .map(progress -> "partition " + progress.getKey() + " ends at offset "
                        + ends.getOrDefault(progress.getKey(), 0L)
                        + ", and the database has decided what was before offset "
                        + progress.getValue())
                .sorted()
                .collect(Collectors.joining("; "));
        if (!tooShort.isEmpty()) {
            throw new IllegalStateException(
                    "KAFKA HAS LOST COMMANDS of " + topic.name() + " that are decided: " + tooShort
                            + ". Commands that come to those offsets would be taken for decided and get no answer, so nothing is "
                            + "decided until this is settled: bring back the log, or go on with a new set of topics "
                            + "(BOOKING_TOPICS_PREFIX, and the setup step), whose offsets begin anew; the tables keep what was decided");
        }
    }

    private void requireBrokersTime() {
        String type = topic.timestampType();
        if (!type.equals("LogAppendTime")) {
            throw new IllegalStateException("topic " + topic.name() + " has message.timestamp.type=" + type
                    + ", so senders could choose the time of their commands; set it to LogAppendTime");
        }
    }
}
