package booking.gateway.http;

import booking.gateway.await.ResultTail;
import booking.gateway.read.ReadPool;
import booking.gateway.send.CommandPublisher;
import booking.gateway.send.CommandsTopic;
import booking.schemas.command.Command;
import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import tools.jackson.databind.json.JsonMapper;

/** The calls about the gateway itself: health, its contract, and the live stream. */
final class ServiceEndpoints {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CONTRACT = "/booking/schemas/openapi.yaml";

    private final CommandPublisher publisher;
    private final ResultTail tail;
    private final CommandsTopic commands;
    private final ReadPool reads;
    private final LiveStreams streams;
    private final byte[] contract = contract();

    ServiceEndpoints(
            CommandPublisher publisher, ResultTail tail, CommandsTopic commands, ReadPool reads, LiveStreams streams) {
        this.publisher = publisher;
        this.tail = tail;
        this.commands = commands;
        this.reads = reads;
        this.streams = streams;
    }

    List<Endpoint> all() {
        return List.of(
                Endpoint.of(HttpMethod.GET, "/v1/stream", this::stream),
                Endpoint.of(HttpMethod.GET, "/health/live", this::live),
                Endpoint.of(HttpMethod.GET, "/health/ready", this::ready),
                Endpoint.of(HttpMethod.GET, "/openapi.yaml", this::openApi));
    }

    private void stream(RoutingContext call) {
        streams.open(call.vertx(), call.vertx().getOrCreateContext(), call.request());
    }

    private void live(RoutingContext call) {
        Answers.json(
                call.response(),
                200,
                JSON.writeValueAsBytes(JSON.createObjectNode().put("status", "UP")));
    }

    private void ready(RoutingContext call) {
        Context context = call.vertx().getOrCreateContext();
        CompletionStage<Boolean> kafka =
                works(commands.ask()).thenApply(answers -> answers && publisher.isTaking() && tail.isFollowing());
        CompletionStage<Boolean> database = works(reads.read(tables -> {
            tables.check();
            return true;
        }));
        kafka.thenCombine(database, (kafkaUp, databaseUp) -> {
            context.runOnContext(now ->
                    Answers.json(call.response(), kafkaUp && databaseUp ? 200 : 503, readiness(kafkaUp, databaseUp)));
            return true;
        });
    }

    private void openApi(RoutingContext call) {
        Answers.end(call.response(), 200, "application/yaml", contract);
    }

    private static CompletionStage<Boolean> works(CompletionStage<?> attempt) {
        return attempt.handle((value, failure) -> failure == null);
    }

    private static byte[] readiness(boolean kafkaUp, boolean databaseUp) {
        return JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("status", upOrDown(kafkaUp && databaseUp))
                .put("kafka", upOrDown(kafkaUp))
                .put("database", upOrDown(databaseUp)));
    }

    private static String upOrDown(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static byte[] contract() {
        try (InputStream file = Command.class.getResourceAsStream(CONTRACT)) {
            if (file == null) {
                throw new IllegalStateException("no " + CONTRACT + " on the class path");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
