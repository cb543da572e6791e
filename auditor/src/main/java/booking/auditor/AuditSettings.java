package booking.auditor;

import booking.configuration.DatabaseSettings;
import booking.configuration.KafkaSettings;
import booking.configuration.Settings;
import booking.configuration.SettingsException;
import booking.configuration.TopicSettings;
import booking.schemas.topic.TopicNames;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Which system is audited, and how long to wait for it.
 *
 * @param group the consumer group of its processors
 * @param outcomeRetention how long its processors keep outcomes, at least
 * @param patience how long a live system may take to publish what it has decided
 */
public record AuditSettings(
        KafkaSettings kafka,
        TopicNames topics,
        String databaseUrl,
        String databaseUser,
        Optional<String> databasePassword,
        String group,
        Duration outcomeRetention,
        Duration patience) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Reads the settings.
     *
     * @param environment the variables, usually {@link System#getenv()}
     * @throws SettingsException when a value is bad; the message names each variable, what it got and what would be right
     */
    public static AuditSettings from(Map<String, String> environment) {
        return Settings.load(
                Settings.AUDITOR,
                environment,
                settings -> new AuditSettings(
                        KafkaSettings.from(settings),
                        TopicSettings.from(settings).names(),
                        DatabaseSettings.url(settings),
                        settings.text("database.user"),
                        settings.optionalText("database.password"),
                        settings.text("processor.group"),
                        settings.duration("outcomes.retention", Duration.ofMinutes(1), Duration.ofDays(3650)),
                        PATIENCE));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "AuditSettings[" + kafka + ", " + topics + ", " + databaseUser + ", " + group + "]";
    }
}
