package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.awaitility.Awaitility;

/** What a processor says of itself over HTTP. */
final class Readiness {
    private Readiness() {}

    /** Waits until {@code GET /health/ready} answers this status, and says this among other things. */
    static void await(ProcessorApplication processor, int status, String said) {
        HttpRequest ready = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + processor.healthPort() + "/health/ready"))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        Awaitility.await("readiness " + status).atMost(BookingSystem.PATIENCE).untilAsserted(() -> {
            HttpResponse<String> answer = client.send(ready, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).contains(said);
        });
    }

    /** Waits until it is ready. */
    static void await(ProcessorApplication processor) {
        await(processor, 200, "{\"status\":\"UP\",\"partitions\":\"UP\",\"database\":\"UP\"}");
    }
}
