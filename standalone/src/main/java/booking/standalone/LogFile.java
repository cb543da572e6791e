package booking.standalone;

import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * What services and clients log goes to a file, so that the terminal tells what concerns who sits there.
 *
 * @param file where
 */
public record LogFile(Path file) {
    /** Sends it to a file in this directory. To be called before anybody logs. */
    public static LogFile in(Path directory) {
        Path file = directory.resolve("logs").resolve("booking.log");
        System.setProperty("booking.log", file.toString());
        System.setProperty("logback.configurationFile", "booking/standalone/logback.xml");
        return new LogFile(file);
    }

    /** Notes a failure with all its causes. */
    public void error(String what, Throwable failure) {
        LoggerFactory.getLogger(LogFile.class).error(what, failure);
    }
}
