package booking.standalone.start;

import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * What the services log goes to a file, so that the terminal tells what concerns who sits there.
 *
 * @param file where
 */
record StartLog(Path file) {
    /** Sends it to a file in this directory. To be called before anybody logs. */
    static StartLog in(Path directory) {
        Path file = directory.resolve("logs").resolve("booking.log");
        System.setProperty("booking.log", file.toString());
        System.setProperty("logback.configurationFile", "booking/standalone/start/logback.xml");
        return new StartLog(file);
    }

    void error(String what, Throwable failure) {
        LoggerFactory.getLogger(StartLog.class).error(what, failure);
    }
}
