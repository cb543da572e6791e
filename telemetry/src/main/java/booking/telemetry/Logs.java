package booking.telemetry;

import org.slf4j.bridge.SLF4JBridgeHandler;

/** One log for all parts of a process. */
public final class Logs {
    private Logs() {}

    /**
     * Sends what is logged through the JDK's own logging, as OpenTelemetry and the database driver do, where everything
     * else goes. For the {@code main} of a service: it is for the whole process.
     */
    public static void takeOver() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
