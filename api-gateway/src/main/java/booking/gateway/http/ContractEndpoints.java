package booking.gateway.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The contract: its files, and a page that shows the one about HTTP to people. */
final class ContractEndpoints {
    /** Side by side, as they refer to each other. */
    private static final List<String> FILES = List.of(
            "openapi.yaml", "asyncapi.yaml", "command.schema.json", "result.schema.json", "availability.schema.json");

    private static final List<String> OURS = List.of("docs.css", "docs.js");
    private static final List<String> OF_SWAGGER_UI =
            List.of("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png");

    private final StaticFile page = StaticFile.read("booking/gateway/docs/docs.html");
    /** What the page needs, by name. */
    private final Map<String, StaticFile> parts = new HashMap<>();

    ContractEndpoints() {
        OURS.forEach(name -> parts.put(name, StaticFile.read("booking/gateway/docs/" + name)));
        OF_SWAGGER_UI.forEach(name -> parts.put(name, StaticFile.ofWebJar("swagger-ui", name)));
    }

    List<Endpoint> all() {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String name : FILES) {
            StaticFile file = StaticFile.read("booking/schemas/" + name);
            endpoints.add(Endpoint.of(HttpMethod.GET, "/" + name, Endpoint.OPEN, file::answer));
        }
        endpoints.add(Endpoint.of(HttpMethod.GET, "/docs", Endpoint.OPEN, page::answer));
        endpoints.add(Endpoint.of(HttpMethod.GET, "/docs/{file}", Endpoint.OPEN, this::part));
        return endpoints;
    }

    private void part(RoutingContext call) {
        StaticFile part = parts.get(call.pathParam("file"));
        if (part == null) {
            throw new RequestRefused(ProblemCode.PATH_NOT_FOUND, "the page is at /docs");
        }
        part.answer(call);
    }
}
