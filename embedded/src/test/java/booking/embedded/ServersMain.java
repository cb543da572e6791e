package booking.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The parent process of servers, for tests that kill it. */
final class ServersMain {
    private ServersMain() {}

    /** Starts servers in the first argument's directory with binaries in the second's, says so and stays. */
    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[0]);
        EmbeddedServers servers = EmbeddedServers.start(
                KafkaOptions.in(directory.resolve("kafka")).withPort(PortRequest.any()),
                PostgresOptions.in(directory.resolve("postgresql"))
                        .withPort(PortRequest.any())
                        .withBinariesIn(Path.of(arguments[1])));
        System.out.println("ready " + servers.kafka().port() + " "
                + servers.kafka().process().pid() + " " + servers.postgres().port() + " "
                + servers.postgres().process().pid());
        new CountDownLatch(1).await();
    }
}
