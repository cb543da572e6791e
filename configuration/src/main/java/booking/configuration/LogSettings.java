package booking.configuration;

import java.util.regex.Pattern;

/**
 * How a service logs. Logging begins before any settings are read, so Logback takes these two variables from the
 * environment itself ({@code logback.xml}); here they are checked, so that a bad value is told like any other.
 */
final class LogSettings {
    private static final String FORMAT = "log.format";
    private static final String LEVEL = "log.level";

    private LogSettings() {}

    static void check(Settings settings) {
        if (settings.namedVariables().contains(Variables.nameOf(FORMAT))) {
            // As they are written, since Logback makes a file name of one of them.
            var unusedFormat = settings.text(FORMAT, Pattern.compile("text|json"), "text or json");
            var unusedLevel =
                    settings.text(LEVEL, Pattern.compile("error|warn|info|debug"), "one of error, warn, info, debug");
        }
    }
}
