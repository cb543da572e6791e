package booking.standalone.client;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a file of certificates; an empty name is none. */
final class TrustConverter implements ITypeConverter<Trust> {
    @Override
    public Trust convert(String file) {
        if (file.isBlank()) {
            return Trust.OF_JAVA;
        }
        try {
            return Trust.in(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new TypeConversionException("'" + file + "' cannot be read (" + e + ") (--ca, BOOKING_CA_FILE)");
        } catch (GeneralSecurityException e) {
            throw new TypeConversionException("'" + file + "' has no certificates in PEM (--ca, BOOKING_CA_FILE)");
        }
    }
}
