package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadEndpointsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void whatFailsOnceSomethingHasBeenReadIsAnsweredToo() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Router router = Router.router(vertx);
            router.get("/broken")
                    .handler(call -> ReadEndpoints.answer(call, CompletableFuture.completedFuture("read"), read -> {
                        throw new IllegalStateException("broken on purpose");
                    }));
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .await();

            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/broken"))
                                    .timeout(PATIENCE)
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(500);
        } finally {
            vertx.close().await();
        }
    }
}
