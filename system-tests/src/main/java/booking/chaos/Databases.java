package booking.chaos;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.FreePorts;
import booking.embedded.PortRequest;
import booking.embedded.PostgresOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One PostgreSQL, or a primary and its synchronous standby, in places that they change with each failover. Clients reach
 * them directly; the processors, and the standby its primary, reach them through cables.
 */
final class Databases implements AutoCloseable {
    private final List<Integer> ports;
    private final List<PostgresOptions> options;
    private final List<Cable> cables;
    private final List<Cable> cablesToPrimary;
    private final ProcessWatch watch;

    private int primaryPlace;
    private EmbeddedPostgres primary;
    private Optional<EmbeddedPostgres> standby = Optional.empty();

    Databases(Path directory, boolean withStandby, ProcessWatch watch) {
        this.watch = watch;
        int count = withStandby ? 2 : 1;
        ports = IntStream.range(0, count).mapToObj(i -> FreePorts.any()).toList();
        options = IntStream.range(0, count)
                .mapToObj(i -> PostgresOptions.in(directory(directory, i + 1))
                        .withPort(PortRequest.exactly(ports.get(i)))
                        // A standby that was cut off is to find all that it has missed.
                        .withSetting("wal_keep_size", "256MB"))
                .toList();
        cables = ports.stream().map(Cable::to).toList();
        cablesToPrimary = ports.stream().map(Cable::to).toList();
        primary = start(primaryPlace);
        try {
            replaceStandby();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Where the server in this place, from 1 on, keeps its data. */
    static Path directory(Path all, int place) {
        return all.resolve(name(place));
    }

    private static String name(int place) {
        return "postgresql-" + place;
    }

    private EmbeddedPostgres start(int place) {
        return watched(place, EmbeddedPostgres.start(options.get(place)));
    }

    private EmbeddedPostgres watched(int place, EmbeddedPostgres server) {
        watch.begin(name(place + 1), server.process());
        return server;
    }

    boolean hasStandby() {
        return options.size() > 1;
    }

    EmbeddedPostgres primary() {
        return primary;
    }

    /** For clients that are told which server is the primary. */
    String primaryUrl() {
        return url(Stream.of(primary.port()));
    }

    /** For clients that find the primary by themselves. */
    String anyUrl() {
        return url(ports.stream());
    }

    /** For processors. */
    String anyUrlThroughCables() {
        return url(cables.stream().map(Cable::port));
    }

    private static String url(Stream<Integer> ports) {
        String hosts = ports.map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        return "jdbc:postgresql://" + hosts + "/" + EmbeddedPostgres.DATABASE
                // What a server was found to be is believed for ten seconds otherwise.
                + (hosts.contains(",") ? "?targetServerType=primary&hostRecheckSeconds=1" : "");
    }

    /** The processors' cables. */
    List<Cable> cables() {
        return cables;
    }

    /** What the standby reaches its primary through. */
    Cable cableToPrimary() {
        return cablesToPrimary.get(primaryPlace);
    }

    /** Starts the primary again after it has ended, where it was. */
    void startPrimary() {
        primary = start(primaryPlace);
    }

    /** Until {@link #startEnded} the one in the first place may end, as it does when it cannot write. */
    void firstMayEnd() {
        EmbeddedPostgres first = primaryPlace == 0 ? primary : standby.orElseThrow();
        watch.end(first.process());
    }

    /** Starts those again that have ended by themselves, where they were. */
    void startEnded() {
        primary = startIfEnded(primaryPlace, primary);
        standby = standby.map(server -> startIfEnded(standbyPlace(), server));
    }

    private EmbeddedPostgres startIfEnded(int place, EmbeddedPostgres server) {
        if (server.process().isAlive()) {
            return watched(place, server);
        }
        // Its directory is still claimed.
        server.kill();
        return start(place);
    }

    /** Kills the primary; false when it had ended by itself. */
    boolean killPrimary() {
        boolean isAlive = watch.end(primary.process());
        primary.kill();
        return isAlive;
    }

    /** Shuts the primary down; false when it had ended by itself. */
    boolean stopPrimary() {
        boolean isAlive = watch.end(primary.process());
        primary.close();
        return isAlive;
    }

    /**
     * Kills the primary, and has the standby take its place; the one that was killed does not come back. False when it had
     * ended by itself.
     */
    boolean failOver() {
        boolean killed = killPrimary();
        cableToPrimary().mend();
        EmbeddedPostgres successor = standby.orElseThrow();
        successor.promote();
        primaryPlace = standbyPlace();
        primary = successor;
        standby = Optional.empty();
        return killed;
    }

    /** After a failover: makes a new standby, and has commits wait for it again. */
    void replaceStandby() {
        if (hasStandby() && standby.isEmpty()) {
            standby = Optional.of(watched(
                    standbyPlace(),
                    EmbeddedPostgres.startStandby(
                            options.get(standbyPlace()),
                            primary,
                            cableToPrimary().port())));
            primary.requireStandby();
        }
    }

    private int standbyPlace() {
        return 1 - primaryPlace;
    }

    @Override
    public void close() {
        standby.ifPresent(EmbeddedPostgres::kill);
        primary.close();
        cables.forEach(Cable::close);
        cablesToPrimary.forEach(Cable::close);
    }
}
