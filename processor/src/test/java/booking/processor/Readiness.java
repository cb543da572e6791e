package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import org.awaitility.Awaitility;

/** What a processor says of itself over HTTP. */
final class Readiness {
    private Readiness() {}

    /** Waits until {@code GET /health/ready} answers this status. */
    static void await(ProcessorApplication processor, int status) {
        Awaitility.await("readiness " + status)
                .atMost(BookingSystem.PATIENCE)
                .untilAsserted(() -> assertThat(status(processor)).isEqualTo(status));
    }

    private static int status(ProcessorApplication processor) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + processor.healthPort() + "/health/ready")
                        .toURL()
                        .openConnection();
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
