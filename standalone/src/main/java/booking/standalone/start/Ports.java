package booking.standalone.start;

import booking.embedded.KafkaOptions;
import booking.embedded.PortRequest;
import booking.embedded.PortTakenException;
import booking.embedded.PostgresOptions;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that choose where the servers listen. */
final class Ports {
    private static final int GATEWAY_PORT = 8080;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description = "Where the gateway listens (default: " + GATEWAY_PORT + ", or the next free port).")
    private PortRequest gateway = PortRequest.firstFreeFrom(GATEWAY_PORT);

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description = "Where Kafka listens (default: " + KafkaOptions.DEFAULT_PORT + ", or the next free port).")
    private PortRequest kafka = PortRequest.firstFreeFrom(KafkaOptions.DEFAULT_PORT);

    @Option(
            names = "--postgres-port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description =
                    "Where PostgreSQL listens (default: " + PostgresOptions.DEFAULT_PORT + ", or the next free port).")
    private PortRequest postgres = PortRequest.firstFreeFrom(PostgresOptions.DEFAULT_PORT);

    PortRequest gateway() {
        return gateway;
    }

    PortRequest kafka() {
        return kafka;
    }

    PortRequest postgres() {
        return postgres;
    }

    /**
     * Keeps the ports that were asked for from servers that would take any.
     *
     * @throws StartFailedException when one of them is taken; the message names the option
     */
    void reserveAskedFor() {
        Map<Integer, String> optionOf = new HashMap<>();
        reserve("--port", gateway, optionOf);
        reserve("--kafka-port", kafka, optionOf);
        reserve("--postgres-port", postgres, optionOf);
    }

    private static void reserve(String option, PortRequest asked, Map<Integer, String> optionOf) {
        if (asked.orNext()) {
            return;
        }
        String other = optionOf.putIfAbsent(asked.first(), option);
        if (other != null) {
            throw new StartFailedException(option + " asks for port " + asked.first() + ", as does " + other);
        }
        try {
            asked.choose();
        } catch (PortTakenException e) {
            throw new StartFailedException(
                    e.getMessage() + "; choose another one with " + option + ", or leave it out for the next free one",
                    e);
        }
    }
}
