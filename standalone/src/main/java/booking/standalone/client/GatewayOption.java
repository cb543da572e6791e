package booking.standalone.client;

import java.net.URI;
import picocli.CommandLine.Option;

/** The option that names the gateway. */
final class GatewayOption {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            converter = GatewayUrlConverter.class,
            description = "The gateway to ask (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    Gateway gateway() {
        return new Gateway(url);
    }
}
