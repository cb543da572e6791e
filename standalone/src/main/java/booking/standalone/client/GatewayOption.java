package booking.standalone.client;

import booking.configuration.Settings;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the gateway, and say to it who asks. */
final class GatewayOption {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            converter = GatewayUrlConverter.class,
            description = "The gateway to ask (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            defaultValue = "${env:BOOKING_API_KEY}",
            converter = ApiKeyConverter.class,
            description = "An API key or a token, for a gateway that asks who calls. Better said in the variable"
                    + " BOOKING_API_KEY: other users of this machine can see command lines.")
    private @Nullable String apiKey;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            defaultValue = "${env:BOOKING_CA_FILE}",
            converter = TrustConverter.class,
            description =
                    "Certificates (PEM) of those who may vouch for a gateway with https, instead of those that Java"
                            + " trusts. Also said in the variable BOOKING_CA_FILE.")
    private @Nullable Trust trust;

    /**
     * The gateway that they name.
     *
     * @throws booking.configuration.SettingsException when there is a variable that nobody knows
     */
    Gateway gateway() {
        Settings.requireKnown(System.getenv());
        return new Gateway(
                url,
                Optional.ofNullable(apiKey).filter(key -> !key.isEmpty()),
                Optional.ofNullable(trust).flatMap(Trust::context));
    }
}
