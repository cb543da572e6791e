package booking.processor.setup;

import booking.configuration.DatabaseSettings;
import booking.configuration.KafkaSettings;
import booking.configuration.Settings;
import booking.configuration.SettingsException;
import booking.configuration.TopicSettings;
import booking.schemas.topic.TopicDefinitions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the setup step is told.
 *
 * @param databaseUser the owner of the tables
 * @param applicationRole the role of the processor, which may read and write
 * @param readerRole the role of the gateway, which may only read
 */
public record SetupSettings(
        KafkaSettings kafka,
        TopicDefinitions topics,
        String databaseUrl,
        String databaseUser,
        Optional<String> databasePassword,
        String applicationRole,
        String readerRole) {

    /**
     * Reads the settings.
     *
     * @throws SettingsException when a value is bad; the message names each variable, what it got and what would be right
     */
    public static SetupSettings from(Map<String, String> environment) {
        return Settings.load(Settings.SETUP, environment, SetupSettings::read);
    }

    private static SetupSettings read(Settings settings) {
        int replicationFactor = settings.integer("topics.replication-factor", 1, 32);
        int minInSyncReplicas = settings.integer("topics.min-insync-replicas", 1, 32);
        if (minInSyncReplicas > replicationFactor) {
            settings.reject("topics.min-insync-replicas", "at most the replication factor " + replicationFactor);
            minInSyncReplicas = replicationFactor;
        }
        return new SetupSettings(
                KafkaSettings.from(settings),
                new TopicDefinitions(
                        TopicSettings.from(settings).names(),
                        settings.integer("topics.partitions", 1, 10_000),
                        (short) replicationFactor,
                        minInSyncReplicas,
                        settings.duration("topics.retention", Duration.ofMinutes(1), Duration.ofDays(3650))),
                DatabaseSettings.url(settings),
                settings.text("setup.database-user"),
                settings.optionalText("setup.database-password"),
                settings.text("setup.application-role"),
                settings.text("setup.reader-role"));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "SetupSettings[" + kafka + ", " + topics + ", " + databaseUser + "]";
    }
}
