package booking.standalone.client;

import java.net.URI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the address of a gateway. */
final class GatewayUrlConverter implements ITypeConverter<URI> {
    private static final int LAST_PORT = 65_535;

    @Override
    public URI convert(String text) {
        try {
            URI url = URI.create(text);
            boolean schemeIsKnown = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (schemeIsKnown && url.getHost() != null && url.getPort() != 0 && url.getPort() <= LAST_PORT) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new TypeConversionException(
                "'" + text + "' is not the URL of a gateway (default: http://127.0.0.1:8080)");
    }
}
