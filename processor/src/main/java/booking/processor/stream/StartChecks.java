package booking.processor.stream;

import booking.processor.ProcessorSettings;
import booking.processor.store.BookingStore;
import java.util.Map;

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
     * Refuses to go on when a topic is missing, when the commands' time is not the broker's, or when the database is
     * behind Kafka.
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
        progress.requireNotBehind(offsets, store.progress(topic.id()));
    }

    private void requireBrokersTime() {
        String type = topic.timestampType();
        if (!type.equals("LogAppendTime")) {
            throw new IllegalStateException("topic " + topic.name() + " has message.timestamp.type=" + type
                    + ", so senders could choose the time of their commands; set it to LogAppendTime");
        }
    }
}
