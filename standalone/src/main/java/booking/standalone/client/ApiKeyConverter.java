package booking.standalone.client;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an API key or a token; an empty one is none. */
final class ApiKeyConverter implements ITypeConverter<String> {
    // RFC 6750, section 2.1; also what keeps other headers out.
    private static final Pattern BEARER = Pattern.compile("([A-Za-z0-9\\-._~+/]+=*)?");

    @Override
    public String convert(String text) {
        String key = text.strip();
        if (!BEARER.matcher(key).matches()) {
            throw new TypeConversionException(
                    "an API key or a token has other characters (--api-key, BOOKING_API_KEY)");
        }
        return key;
    }
}
