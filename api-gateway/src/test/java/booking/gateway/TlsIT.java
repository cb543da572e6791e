package booking.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import booking.embedded.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with a certificate. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsIT {
    private static final String PASSWORD = "changeit";
    private static final String NAME = "gateway";
    private static final int HANDSHAKE = 22;
    private static final int ALERT = 21;
    private static final int PROTOCOL_VERSION = 70;

    private GatewayProcess gateway;
    private HttpClient client;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        KeyStore made = make(directory.resolve("made.p12"));
        Path certificate =
                pem(directory, "CERTIFICATE", made.getCertificate(NAME).getEncoded());
        Path key = pem(
                directory,
                "PRIVATE KEY",
                made.getKey(NAME, PASSWORD.toCharArray()).getEncoded());
        // Java itself refuses what is old, unless it is told otherwise; here the gateway has to.
        Path anything = Files.writeString(directory.resolve("security"), "jdk.tls.disabledAlgorithms=\n");
        gateway = new GatewayProcess(
                Map.of(
                        "BOOKING_HTTP_REQUEST_TIMEOUT",
                        "2s",
                        "BOOKING_HTTP_TLS_CERTIFICATE_FILE",
                        certificate.toString(),
                        "BOOKING_HTTP_TLS_KEY_FILE",
                        key.toString(),
                        "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                        "127.0.0.1:" + FreePorts.any(),
                        "BOOKING_DATABASE_URL",
                        "jdbc:postgresql://127.0.0.1:" + FreePorts.any() + "/booking"),
                "-Djava.security.properties=" + anything);
        client = HttpClient.newBuilder().sslContext(trusting(made)).build();
        await().atMost(BookingOffice.PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    assertThat(gateway.isAlive()).isTrue();
                    return live().statusCode() == 200;
                });
    }

    @AfterAll
    void stop() {
        // It would wait for a Kafka that it never had.
        gateway.kill();
        gateway.close();
    }

    @Test
    void whoTrustsTheCertificateIsAnsweredOverHttps() throws Exception {
        HttpResponse<String> answer = live();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        assertThatThrownBy(() -> HttpClient.newHttpClient().send(request(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("certification path");
    }

    @Test
    void plainHttpIsNotAnswered() throws IOException {
        try (RawConnection plain = new RawConnection(gateway.port())) {
            plain.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(plain.untilClosed()).doesNotContain("HTTP", "UP");
        }
    }

    @Test
    void tls12IsAnsweredAndTls11IsRefused() throws IOException {
        assertThat(hello(3)[0]).isEqualTo(HANDSHAKE);
        int[] refused = hello(2);
        assertThat(refused[0]).isEqualTo(ALERT);
        assertThat(refused[6]).isEqualTo(PROTOCOL_VERSION);
    }

    @Test
    void whoBeginsAHandshakeAndDoesNotFinishItIsCut() throws IOException {
        try (RawConnection slow = new RawConnection(gateway.port())) {
            slow.send("\u0016\u0003\u0001");

            assertThat(slow.untilClosed()).isEmpty();
        }
    }

    private HttpResponse<String> live() throws IOException, InterruptedException {
        return client.send(request(), BodyHandlers.ofString());
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + gateway.port() + "/health/live"))
                .build();
    }

    /** The first seven bytes of what is answered to a client that speaks TLS 1.x and nothing newer. */
    private int[] hello(int minor) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(clientHello(minor));
            InputStream in = socket.getInputStream();
            int[] answer = new int[7];
            for (int i = 0; i < answer.length; i++) {
                answer[i] = in.read();
            }
            return answer;
        }
    }

    /** RFC 5246, section 7.4.1.2, with what an elliptic key exchange takes (RFC 8422). */
    private static byte[] clientHello(int minor) throws IOException {
        byte[] extensions = {
            0, 10, 0, 4, 0, 2, 0, 23, // supported_groups: secp256r1
            0, 11, 0, 2, 1, 0, // ec_point_formats: uncompressed
            0, 13, 0, 6, 0, 4, 4, 1, 2, 1, // signature_algorithms: rsa_pkcs1_sha256, rsa_pkcs1_sha1
        };
        ByteArrayOutputStream bodyBytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bodyBytes);
        body.write(new byte[] {3, (byte) minor});
        body.write(new byte[32]); // random
        body.write(0); // session id
        body.writeShort(4);
        body.writeShort(0xC013); // TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
        body.writeShort(0xC027); // TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256
        body.write(new byte[] {1, 0}); // no compression
        body.writeShort(extensions.length);
        body.write(extensions);
        ByteArrayOutputStream recordBytes = new ByteArrayOutputStream();
        DataOutputStream record = new DataOutputStream(recordBytes);
        record.write(new byte[] {HANDSHAKE, 3, 1});
        record.writeShort(bodyBytes.size() + 4);
        record.writeInt(1 << 24 | bodyBytes.size());
        record.write(bodyBytes.toByteArray());
        return recordBytes.toByteArray();
    }

    private static KeyStore make(Path file) throws Exception {
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        NAME,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=gateway",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            made.load(in, PASSWORD.toCharArray());
        }
        return made;
    }

    private static Path pem(Path directory, String what, byte[] bytes) throws IOException {
        return Files.writeString(
                directory.resolve(what.replace(' ', '-') + ".pem"),
                "-----BEGIN " + what + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                        + "\n-----END " + what + "-----\n");
    }

    private static SSLContext trusting(KeyStore made) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(NAME, made.getCertificate(NAME));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
