package booking.deploy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.PortRequest;
import booking.embedded.PostgresOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A PostgreSQL as in docs/secured.md: over TLS, with a certificate for {@code localhost}, and with a password for each of
 * the three roles. The superuser is let in as ever.
 */
final class SecuredPostgres implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STORE_PASSWORD = "changeit";

    private final Path directory;
    private final EmbeddedPostgres server;
    private final Path certificate;

    private SecuredPostgres(Path directory, EmbeddedPostgres server, Path certificate) {
        this.directory = directory;
        this.server = server;
        this.certificate = certificate;
    }

    /** Starts it in a directory that is there. */
    static SecuredPostgres start(Path directory) throws Exception {
        EmbeddedPostgres server = EmbeddedPostgres.start(PostgresOptions.in(directory.resolve("postgresql"))
                .withPort(PortRequest.any())
                .notDurable());
        try {
            Path certificate = directory.resolve("postgres.pem");
            SecuredPostgres secured = new SecuredPostgres(directory, server, certificate);
            secured.secure(secured.makeCertificate("postgres", certificate));
            return secured;
        } catch (Exception | Error e) {
            server.close();
            throw e;
        }
    }

    private void secure(String key) throws IOException, SQLException {
        try (Connection superuser = superuser();
                Statement statement = superuser.createStatement()) {
            Path data = Path.of(text(statement, "SHOW data_directory"));
            Files.copy(certificate, data.resolve("server.crt"));
            Path keyFile = Files.createFile(
                    data.resolve("server.key"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(keyFile, key);
            // The server may run as another user, and takes no key of a third one.
            Files.setOwner(keyFile, Files.getOwner(data));
            Files.setOwner(data.resolve("server.crt"), Files.getOwner(data));
            Files.writeString(data.resolve("pg_hba.conf"), """
                    host    all     postgres                               127.0.0.1/32 trust
                    hostssl booking booking_owner,booking_app,booking_read 127.0.0.1/32 scram-sha-256
                    """);
            for (String role : List.of("booking_owner", "booking_app", "booking_read")) {
                statement.execute("ALTER ROLE " + role + " PASSWORD '" + passwordOf(role) + "'");
            }
            statement.execute("ALTER SYSTEM SET ssl = on");
            statement.execute("SELECT pg_reload_conf()");
        }
        await("TLS").atMost(PATIENCE).until(() -> {
            try (Connection superuser = superuser();
                    Statement statement = superuser.createStatement()) {
                return text(statement, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                        .equals("t");
            }
        });
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private Connection superuser() throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER) + "&sslmode=prefer");
    }

    static String passwordOf(String role) {
        return role + "-password";
    }

    /** As the services are told, with the host's name as it is in the certificate. */
    String url() {
        return url("localhost", certificate);
    }

    /** With another host name, or another file of those who are trusted to sign certificates. */
    String url(String host, Path trusted) {
        return "jdbc:postgresql://" + host + ":" + server.port() + "/" + EmbeddedPostgres.DATABASE
                + "?sslmode=verify-full&sslrootcert=" + trusted;
    }

    /** Without TLS. */
    String urlInTheClear() {
        return "jdbc:postgresql://localhost:" + server.port() + "/" + EmbeddedPostgres.DATABASE + "?sslmode=disable";
    }

    Path certificate() {
        return certificate;
    }

    /** Makes a certificate for localhost, signed by itself, and gives its key. */
    String makeCertificate(String name, Path file) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:localhost",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                STORE_PASSWORD));
        Path said = directory.resolve(name + ".log");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(keytool.waitFor()).as(Files.readString(said)).isZero();
        KeyStore made = KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
        Files.writeString(file, pem("CERTIFICATE", made.getCertificate(name).getEncoded()));
        return pem(
                "PRIVATE KEY", made.getKey(name, STORE_PASSWORD.toCharArray()).getEncoded());
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }

    @Override
    public void close() {
        server.close();
    }
}
