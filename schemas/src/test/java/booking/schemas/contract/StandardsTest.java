package booking.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The two files are what their standards ask for, by the JSON Schemas that the standards publish. */
class StandardsTest {
    private static final String OPEN_API = "https://spec.openapis.org/oas/3.1/schema-base/2022-10-07";

    private final JsonNode openApi = yaml("openapi.yaml");
    private final JsonNode asyncApi = yaml("asyncapi.yaml");

    @Test
    void theOpenApiFileIsAsTheSchemaOfOpenApi31HasIt() {
        assertThat(openApi.get("openapi").stringValue()).startsWith("3.1.");
        assertThat(errors(openApi31(), openApi)).isEmpty();
    }

    @Test
    void theAsyncApiFileIsAsTheSchemaOfAsyncApi3HasIt() throws IOException {
        assertThat(asyncApi.get("asyncapi").stringValue()).isEqualTo("3.0.0");
        assertThat(errors(asyncApi3(), asyncApi)).isEmpty();
    }

    /** A schema that takes everything would let the two tests above pass. */
    @Test
    void theSchemasOfTheStandardsRefuseWhatIsWrong() throws IOException {
        ObjectNode noSchema = (ObjectNode) openApi.deepCopy();
        ((ObjectNode) noSchema.at("/components/schemas/EventId")).put("type", "text");
        ObjectNode misspelt = (ObjectNode) openApi.deepCopy();
        ((ObjectNode) misspelt.at("/paths/~1v1~1events/post")).put("sumary", "Make an event");
        ObjectNode noAction = (ObjectNode) asyncApi.deepCopy();
        ((ObjectNode) noAction.at("/operations/decide")).put("action", "decide");
        ObjectNode misspeltChannel = (ObjectNode) asyncApi.deepCopy();
        ((ObjectNode) misspeltChannel.at("/channels/results")).put("adress", "booking-results");

        assertThat(errors(openApi31(), noSchema)).isNotEmpty();
        assertThat(errors(openApi31(), misspelt)).isNotEmpty();
        assertThat(errors(asyncApi3(), noAction)).isNotEmpty();
        assertThat(errors(asyncApi3(), misspeltChannel)).isNotEmpty();
    }

    @Test
    void everyExampleAndDefaultOfTheOpenApiFileIsAsItsOwnSchemaSays() {
        List<String> checked = new ArrayList<>();
        requireValidExamples("", openApi, checked);

        assertThat(checked).hasSizeGreaterThan(10);
    }

    private void requireValidExamples(String place, JsonNode node, List<String> checked) {
        if (node.isObject()) {
            node.path("examples").forEachEntry((name, example) -> {
                JsonNode schema = node.path("schema");
                JsonNode value = requireNonNull(example.get("value"));
                if (place.endsWith("/application/x-ndjson")) {
                    value.stringValue()
                            .lines()
                            .forEach(line -> requireValid(
                                    place + "/examples/" + name, schema, new JsonMapper().readTree(line), checked));
                } else {
                    requireValid(place + "/examples/" + name, schema, value, checked);
                }
            });
            if (node.has("example")) {
                requireValid(place + "/example", node.path("schema"), node.get("example"), checked);
            }
            if (node.path("examples").isArray()) {
                node.get("examples").forEach(example -> requireValid(place + "/examples", node, example, checked));
            }
            if (node.has("default") && node.has("type")) {
                requireValid(place + "/default", node, node.get("default"), checked);
            }
            node.forEachEntry((name, child) -> requireValidExamples(place + "/" + name, child, checked));
        } else {
            for (JsonNode child : node) {
                requireValidExamples(place, child, checked);
            }
        }
    }

    private void requireValid(String place, JsonNode schema, JsonNode value, List<String> checked) {
        assertThat(schema.isObject()).as(place + " has a schema").isTrue();
        ObjectNode whole = (ObjectNode) schema.deepCopy();
        whole.set("components", openApi.get("components"));
        Schema compiled = SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(whole);
        assertThat(compiled.validate(value, run -> run.executionConfig(config -> config.formatAssertionsEnabled(true))))
                .as(place + ": " + value)
                .isEmpty();
        checked.add(place);
    }

    private static List<String> errors(Schema schema, JsonNode document) {
        return schema
                .validate(document, run -> run.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Error::toString)
                .toList();
    }

    /** With the schemas in the file held against the dialect of OpenAPI, too. */
    private static Schema openApi31() {
        return SchemaRegistry.withDialect(
                        Dialects.getDraft202012(),
                        registry -> registry.schemaIdResolvers(
                                ids -> ids.mapPrefix("https://spec.openapis.org/", "classpath:spec.openapis.org/")))
                .getSchema(SchemaLocation.of(OPEN_API));
    }

    private static Schema asyncApi3() throws IOException {
        try (InputStream file = StandardsTest.class.getResourceAsStream("/asyncapi/asyncapi-3.0.0.schema.json")) {
            return SchemaRegistry.withDialect(Dialects.getDraft7())
                    .getSchema(PublishedSchema.parse(requireNonNull(file).readAllBytes()));
        }
    }

    private static JsonNode yaml(String fileName) {
        return new YAMLMapper().readTree(new String(PublishedSchema.resource(fileName), UTF_8));
    }
}
