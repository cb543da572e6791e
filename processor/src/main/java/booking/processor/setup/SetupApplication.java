package booking.processor.setup;

import booking.configuration.SettingsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The setup step as a process: run once before the services start, and after each upgrade. */
public final class SetupApplication {
    private static final Logger LOG = LoggerFactory.getLogger(SetupApplication.class);

    private SetupApplication() {}

    public static void main(String[] arguments) {
        try {
            Setup.run(SetupSettings.from(System.getenv()));
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (RuntimeException e) {
            LOG.error("Setup failed", e);
            System.exit(1);
        }
    }
}
