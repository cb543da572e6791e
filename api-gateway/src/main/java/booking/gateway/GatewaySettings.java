package booking.gateway;

import booking.configuration.DatabaseSettings;
import booking.configuration.KafkaSettings;
import booking.configuration.Settings;
import booking.configuration.TopicSettings;
import booking.configuration.TracingSettings;
import booking.gateway.access.AccessSettings;
import booking.gateway.http.HttpSettings;
import booking.gateway.send.BacklogSettings;
import booking.schemas.topic.TopicNames;
import java.util.Map;

/** What the gateway is told. */
public record GatewaySettings(
        HttpSettings http,
        AccessSettings access,
        BacklogSettings backlog,
        KafkaSettings kafka,
        TopicNames topics,
        DatabaseSettings database,
        TracingSettings tracing) {

    /**
     * Reads the settings.
     *
     * @param environment the variables, usually {@link System#getenv()}
     * @throws booking.configuration.SettingsException when a value is bad; the message names each variable, what it got
     *     and what would be right
     */
    public static GatewaySettings from(Map<String, String> environment) {
        return Settings.load(
                Settings.GATEWAY,
                environment,
                settings -> new GatewaySettings(
                        HttpSettings.from(settings),
                        AccessSettings.from(settings),
                        BacklogSettings.from(settings),
                        KafkaSettings.from(settings),
                        TopicSettings.from(settings).names(),
                        DatabaseSettings.from(settings),
                        TracingSettings.from(environment)));
    }
}
