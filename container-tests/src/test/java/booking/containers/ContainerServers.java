package booking.containers;

import static java.util.Objects.requireNonNull;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServerException;
import booking.embedded.SharedServers;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * Kafka and PostgreSQL in containers, published on 127.0.0.1 alone, where the tests reach them and Kafka says that it is:
 * neither needs the other, nor a network of theirs. Their images are those of docker-compose.yml, and chosen by the same
 * variables; the roles are made by the file that is used there.
 */
public final class ContainerServers implements SharedServers.Starter {
    private static final DockerImageName KAFKA_IMAGE = image("KAFKA_IMAGE", "apache/kafka:4.3.1");
    private static final DockerImageName POSTGRES_IMAGE = image("POSTGRES_IMAGE", "postgres:18");
    /** Also what Kafka says of itself: the module's pom.xml tells Testcontainers. */
    private static final String LOOPBACK = "127.0.0.1";

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int KAFKA_PORT = 9092;
    private static final int POSTGRES_PORT = 5432;
    private static final String ACCESS_FILE = "/etc/booking_pg_hba.conf";

    /** Found as a service. */
    public ContainerServers() {}

    /** The images that they are made of. */
    static List<DockerImageName> images() {
        return List.of(KAFKA_IMAGE, POSTGRES_IMAGE);
    }

    @Override
    public String name() {
        return "containers";
    }

    @Override
    public SharedServers start() {
        KafkaContainer kafka = kafka();
        PostgreSQLContainer postgres = postgres();
        Startables.deepStart(kafka, postgres).join();
        return new SharedServers(LOOPBACK + ":" + port(kafka, KAFKA_PORT), port(postgres, POSTGRES_PORT));
    }

    /** Where it is published, once it has been seen that it is there. */
    private static int port(GenericContainer<?> container, int port) {
        int published = container.getMappedPort(port);
        try (Socket connection = new Socket()) {
            connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), published), PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    container.getDockerImageName() + " runs, and cannot be reached at " + LOOPBACK + ":" + published
                            + ", where it is published: is the Docker engine on this machine, and not outside of a container"
                            + " that the tests are in?",
                    e);
        }
        return published;
    }

    private static KafkaContainer kafka() {
        KafkaContainer kafka = new KafkaContainer(KAFKA_IMAGE)
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                // As the embedded one: tests do not wait for those who are gone longer than they have to.
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000")
                .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");
        publishOnLoopback(kafka, KAFKA_PORT);
        return kafka;
    }

    private static PostgreSQLContainer postgres() {
        PostgreSQLContainer postgres = new PostgreSQLContainer(POSTGRES_IMAGE)
                .withDatabaseName(EmbeddedPostgres.DATABASE)
                .withUsername(EmbeddedPostgres.SUPERUSER)
                .withPassword("unused")
                .withEnv("BOOKING_OWNER_PASSWORD", "unused")
                .withEnv("BOOKING_APP_PASSWORD", "unused")
                .withEnv("BOOKING_READ_PASSWORD", "unused")
                .withCopyFileToContainer(
                        MountableFile.forHostPath(
                                Path.of("..", "deploy", "postgres", "roles.sql").toAbsolutePath(), 0644),
                        "/docker-entrypoint-initdb.d/roles.sql")
                // Nobody is asked for a password, as by the embedded one.
                .withCopyToContainer(
                        Transferable.of("local all all trust\nhost all all all trust\n", 0644), ACCESS_FILE)
                .withCommand("postgres", "-c", "hba_file=" + ACCESS_FILE, "-c", "timezone=UTC");
        publishOnLoopback(postgres, POSTGRES_PORT);
        return postgres;
    }

    private static DockerImageName image(String variable, String usual) {
        String name = Optional.ofNullable(System.getenv(variable)).orElse(usual);
        return DockerImageName.parse(name).asCompatibleSubstituteFor(usual.replaceAll(":.*", ""));
    }

    private static void publishOnLoopback(GenericContainer<?> container, int port) {
        container.withLabel(
                "booking.test.run",
                Optional.ofNullable(System.getenv("CONTAINER_TESTS_RUN")).orElse(""));
        container.withCreateContainerCmdModifier(command -> requireNonNull(command.getHostConfig())
                .withPortBindings(new PortBinding(Ports.Binding.bindIp(LOOPBACK), ExposedPort.tcp(port))));
    }
}
