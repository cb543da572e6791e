package booking.processor;

import booking.configuration.DatabaseSettings;
import booking.configuration.KafkaSettings;
import booking.configuration.Settings;
import booking.configuration.SettingsException;
import booking.configuration.TopicSettings;
import booking.configuration.TracingSettings;
import booking.processor.store.Locking;
import booking.schemas.topic.TopicNames;
import java.time.Duration;
import java.util.Map;

/**
 * What the processor is told.
 *
 * @param group the consumer group that the instances form; also the Kafka Streams application id
 * @param threads how many threads decide; each has its own share of the partitions
 * @param maxBatch most commands in one database transaction
 * @param pollPause least time between two polls, so that a small load gathers
 * @param sessionTimeout after which a silent instance loses its partitions
 * @param outcomeRetention how long answers to commands are kept, at least; never shorter than the commands topic keeps
 *     the commands
 * @param followUpPause between two looks for holds that have run out and seats that can be offered
 * @param waitlistOffer how long seats are held for somebody who waited for them
 * @param slowBatch a batch that takes longer is told in the log
 * @param healthPort where health and metrics are told, 0 for any free port
 * @param tracing where traces go
 */
public record ProcessorSettings(
        KafkaSettings kafka,
        TopicNames topics,
        DatabaseSettings database,
        Locking locking,
        String group,
        int threads,
        int maxBatch,
        Duration pollPause,
        Duration sessionTimeout,
        Duration outcomeRetention,
        Duration followUpPause,
        Duration waitlistOffer,
        Duration slowBatch,
        String healthHost,
        int healthPort,
        TracingSettings tracing) {

    /**
     * Reads the settings.
     *
     * @param environment the variables, usually {@link System#getenv()}
     * @throws SettingsException when a value is bad; the message names each variable, what it got and what would be right
     */
    public static ProcessorSettings from(Map<String, String> environment) {
        return Settings.load(
                Settings.PROCESSOR, environment, settings -> read(settings, TracingSettings.from(environment)));
    }

    private static ProcessorSettings read(Settings settings, TracingSettings tracing) {
        DatabaseSettings database = DatabaseSettings.from(settings);
        int threads = settings.integer("processor.threads", 1, 64);
        if (threads >= database.poolSize()) {
            settings.reject(
                    "processor.threads",
                    "below the pool size " + database.poolSize()
                            + ", so that readiness does not wait for a connection");
        }
        return new ProcessorSettings(
                KafkaSettings.from(settings),
                TopicSettings.from(settings).names(),
                database,
                settings.choice("locking", Locking.class),
                settings.text("processor.group"),
                threads,
                settings.integer("processor.max-batch", 1, 20_000),
                settings.duration("processor.poll-pause", Duration.ZERO, Duration.ofSeconds(1)),
                settings.duration("processor.session-timeout", Duration.ofSeconds(1), Duration.ofMinutes(5)),
                settings.duration("outcomes.retention", Duration.ofMinutes(1), Duration.ofDays(3650)),
                settings.duration("processor.follow-up-pause", Duration.ofMillis(10), Duration.ofSeconds(10)),
                settings.duration("waitlist.offer", Duration.ofSeconds(1), Duration.ofDays(1)),
                settings.duration("processor.slow-batch", Duration.ofMillis(1), Duration.ofHours(1)),
                settings.text("processor.health-host"),
                settings.integer("processor.health-port", 0, 65_535),
                tracing);
    }
}
