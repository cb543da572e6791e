package booking.gateway.http;

import booking.telemetry.Meters;
import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The calls about the gateway itself: health and metrics. */
final class ServiceEndpoints {
    private static final JsonMapper JSON = new JsonMapper();

    private final Readiness readiness;
    private final Meters meters;
    private final UnreadAnswers answers;

    ServiceEndpoints(Readiness readiness, Meters meters, UnreadAnswers answers) {
        this.readiness = readiness;
        this.meters = meters;
        this.answers = answers;
    }

    List<Endpoint> all() {
        return List.of(
                Endpoint.of(HttpMethod.GET, "/health/live", Endpoint.OPEN, this::live),
                Endpoint.of(HttpMethod.GET, "/health/ready", Endpoint.OPEN, this::ready),
                Endpoint.of(HttpMethod.GET, "/metrics", ReadEndpoints.READ, this::metrics));
    }

    private void live(RoutingContext call) {
        Answers.json(
                call.response(),
                200,
                JSON.writeValueAsBytes(JSON.createObjectNode().put("status", "UP")));
    }

    private void ready(RoutingContext call) {
        Context context = call.vertx().getOrCreateContext();
        readiness
                .ask()
                .thenAccept(state -> context.runOnContext(
                        now -> Answers.json(call.response(), state.isReady() ? 200 : 503, json(state))));
    }

    private void metrics(RoutingContext call) {
        // Writing them takes some milliseconds, in which an event loop has better things to do.
        call.vertx()
                .executeBlocking(() -> answers.hold(meters.scrape().getBytes(StandardCharsets.UTF_8)))
                .onSuccess(text -> text.answer(call, Meters.CONTENT_TYPE))
                .onFailure(call::fail);
    }

    private static byte[] json(Readiness.State state) {
        return JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("status", upOrDown(state.isReady()))
                .put("kafka", upOrDown(state.kafkaUp()))
                .put("database", upOrDown(state.databaseUp())));
    }

    private static String upOrDown(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
