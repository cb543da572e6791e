package booking.embedded;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The broker and the PostgreSQL that all tests of a process share, on 127.0.0.1. The database, its roles and its lack of
 * passwords are those of {@link EmbeddedPostgres}. Tests keep apart by their own topics and databases, and leave the
 * servers running.
 *
 * <p>The system property {@code booking.test.servers} says what they are: {@code embedded}, which is the default, or what
 * a {@link Starter} on the class path is called.
 *
 * @param bootstrapServers the broker, {@code host:port}
 * @param postgresPort where PostgreSQL listens
 */
public record SharedServers(String bootstrapServers, int postgresPort) {
    private static final String SWITCH = "booking.test.servers";
    private static final String EMBEDDED = "embedded";

    private static @Nullable SharedServers shared;

    /** Starts servers of another kind; found as a service ({@link ServiceLoader}). */
    public interface Starter {
        /** What it is chosen by. */
        String name();

        /** Starts them, to be stopped when the process ends. */
        SharedServers start();
    }

    /**
     * Those of this process, started now if nobody has asked before.
     *
     * @throws EmbeddedServerException when they cannot be started, or nobody here can start what is asked for
     */
    public static synchronized SharedServers get() {
        SharedServers servers = shared;
        if (servers == null) {
            servers = start(System.getProperty(SWITCH, EMBEDDED));
            shared = servers;
        }
        return servers;
    }

    static SharedServers start(String kind) {
        if (kind.equals(EMBEDDED)) {
            EmbeddedServers servers = EmbeddedServers.shared();
            return new SharedServers(
                    servers.kafka().bootstrapServers(), servers.postgres().port());
        }
        List<Starter> starters = ServiceLoader.load(Starter.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        Optional<Starter> chosen =
                starters.stream().filter(starter -> starter.name().equals(kind)).findFirst();
        if (chosen.isEmpty()) {
            throw new EmbeddedServerException(SWITCH + " is " + kind + ", can be "
                    + Stream.concat(Stream.of(EMBEDDED), starters.stream().map(Starter::name))
                            .collect(Collectors.joining(" or "))
                    + " here");
        }
        return chosen.get().start();
    }

    /** Where to connect to a database as a user; there are no passwords. */
    public String jdbcUrl(String database, String user) {
        return "jdbc:postgresql://127.0.0.1:" + postgresPort + "/" + database + "?user=" + user;
    }
}
