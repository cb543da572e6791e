package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** An OpenAPI file, and what has been seen of it. */
final class OpenApiFile {
    private static final String LINES = "application/x-ndjson";
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode file;
    private final SchemaRegistry schemas = SchemaRegistry.withDialect(Dialects.getDraft202012());
    private final Map<String, Boolean> seen = new ConcurrentHashMap<>();

    OpenApiFile(String yaml) {
        file = new YAMLMapper().readTree(yaml);
        // In the file unknown fields are allowed, as later versions add some. Of this version we know them all.
        close(file.get("components").get("schemas"));
    }

    /** Such as {@code GET /v1/events/{eventId}}. */
    SortedSet<String> calls() {
        SortedSet<String> calls = new TreeSet<>();
        file.get("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
                    if (!method.equals("parameters")) {
                        calls.add(method.toUpperCase(Locale.ROOT) + " " + path);
                    }
                }));
        return calls;
    }

    /** Such as {@code GET /v1/events/{eventId} 200}. */
    SortedSet<String> answers() {
        SortedSet<String> answers = new TreeSet<>();
        for (String call : calls()) {
            operation(call).get("responses").forEachEntry((status, response) -> answers.add(call + " " + status));
        }
        return answers;
    }

    /** The answers that have been checked. */
    SortedSet<String> seen() {
        return new TreeSet<>(seen.keySet());
    }

    /** Fails when this is no answer to this call that the file tells of. */
    Reply check(String call, Reply reply) {
        JsonNode response = resolve(operation(call).path("responses").path(Integer.toString(reply.status())));
        assertThat(response.isMissingNode())
                .as(call + " answers " + reply.status() + " " + reply.text())
                .isFalse();
        seen.put(call + " " + reply.status(), true);
        response.path("headers").forEachEntry((name, reference) -> {
            JsonNode header = resolve(reference);
            if (header.path("required").asBoolean(false)) {
                assertThat(reply.header(name)).as(call + " header " + name).isPresent();
            }
            reply.header(name).ifPresent(value -> {
                JsonNode schema = resolve(header.get("schema"));
                JsonNode json = schema.path("type").asString().equals("integer")
                        ? JsonNodeFactory.instance.numberNode(Long.parseLong(value))
                        : JsonNodeFactory.instance.stringNode(value);
                requireValid(call + " header " + name, schema, json);
            });
        });
        if (!response.has("content")) {
            assertThat(reply.text())
                    .as(call + " " + reply.status() + " has no body")
                    .isEmpty();
            return reply;
        }
        String contentType = reply.header("Content-Type").orElse("none");
        JsonNode content = response.path("content").path(contentType);
        assertThat(content.isMissingNode()).as(call + " sends " + contentType).isFalse();
        if (contentType.equals(LINES)) {
            reply.text()
                    .lines()
                    .forEach(line ->
                            requireValid(call + " " + reply.status(), content.get("schema"), JSON.readTree(line)));
        } else if (contentType.endsWith("json")) {
            requireValid(call + " " + reply.status(), content.get("schema"), reply.json());
        }
        return reply;
    }

    /** Fails when the example body of this name is not valid; gives it. */
    String example(String call, String name) {
        JsonNode json = operation(call).at("/requestBody/content/application~1json");
        JsonNode example = json.path("examples").path(name).path("value");
        requireValid(call + " example " + name, json.get("schema"), example);
        return example.toString();
    }

    /** Fails when a line of the example of this name is not valid; gives all of them. */
    String lines(String call, String name) {
        JsonNode content = operation(call).path("requestBody").path("content").path(LINES);
        String lines = content.path("examples").path(name).path("value").asString();
        lines.lines()
                .forEach(line -> requireValid(call + " example " + name, content.get("schema"), JSON.readTree(line)));
        return lines;
    }

    private JsonNode operation(String call) {
        String[] parts = call.split(" ", 2);
        return file.get("paths").path(parts[1]).path(parts[0].toLowerCase(Locale.ROOT));
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(file.at(node.get("$ref").stringValue().substring(1))) : node;
    }

    private void requireValid(String what, JsonNode schema, JsonNode json) {
        ObjectNode whole = ((ObjectNode) schema.deepCopy());
        whole.set("components", file.get("components"));
        Schema compiled = schemas.getSchema(whole);
        assertThat(compiled.validate(json, run -> run.executionConfig(config -> config.formatAssertionsEnabled(true))))
                .as(what + ": " + json)
                .isEmpty();
    }

    private static void close(JsonNode schemas) {
        for (JsonNode schema : schemas) {
            if (schema instanceof ObjectNode object && object.path("properties").isObject()) {
                object.put("additionalProperties", false);
            }
        }
    }
}
