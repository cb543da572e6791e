package booking.standalone.start;

import booking.embedded.PortRequest;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a port that is asked for: that one and no other. */
final class PortConverter implements ITypeConverter<PortRequest> {
    @Override
    public PortRequest convert(String text) {
        try {
            return PortRequest.exactly(Integer.parseInt(text));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is not a port (1 to 65535)");
        }
    }
}
