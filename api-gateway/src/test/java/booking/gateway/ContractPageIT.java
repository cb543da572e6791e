package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The page at /docs and the files of the contract come whole from the gateway, which needs neither Kafka nor PostgreSQL for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractPageIT {
    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]*)\"");

    private GatewayApplication gateway;
    private Client client;

    @BeforeAll
    void open() {
        gateway = GatewayApplication.start(GatewaySettings.from(Map.of("BOOKING_HTTP_PORT", "0")));
        client = new Client(gateway.port());
    }

    @AfterAll
    void close() {
        gateway.close();
    }

    @Test
    void everythingThatThePageNamesIsThereAndOurs() {
        List<String> links = LINK.matcher(client.get("/docs").text())
                .results()
                .map(link -> link.group(1))
                .toList();

        assertThat(links)
                .contains(
                        "openapi.yaml",
                        "asyncapi.yaml",
                        "docs/swagger-ui-bundle.js",
                        "docs/swagger-ui.css",
                        "docs/docs.js")
                .allSatisfy(link -> {
                    URI uri = URI.create(link);
                    assertThat(uri.getScheme()).isNull();
                    assertThat(uri.getAuthority()).isNull();
                    Reply reply = client.get(URI.create("/docs").resolve(uri).getPath());
                    assertThat(reply.status()).isEqualTo(200);
                    assertThat(reply.header("Content-Type").orElseThrow()).startsWith(contentType(link));
                    assertThat(reply.body()).isNotEmpty();
                });
    }

    private static String contentType(String link) {
        return switch (link.substring(link.lastIndexOf('.') + 1)) {
            case "css" -> "text/css";
            case "js" -> "text/javascript";
            case "png" -> "image/png";
            case "yaml" -> "application/yaml";
            case "json" -> "application/schema+json";
            default -> throw new AssertionError(link);
        };
    }

    @Test
    void browsersAreForbiddenToLoadAnythingFromElsewhereAndToRunScriptsInThePage() {
        for (String path : List.of("/docs", "/docs/docs.js", "/docs/swagger-ui-bundle.js")) {
            Reply reply = client.get(path);

            assertThat(reply.header("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                    .doesNotContain("unsafe", "http", "*");
            assertThat(reply.header("X-Content-Type-Options")).contains("nosniff");
        }
        assertThat(client.get("/docs").text())
                .doesNotContainPattern("<script(?! src=)")
                .doesNotContain("style=", "<style");
        assertThat(client.get("/docs/docs.js").text()).contains("validatorUrl: null");
    }

    @Test
    void theFilesThatTheTopicsContractRefersToStandBesideIt() {
        JsonNode file = new YAMLMapper().readTree(client.get("/asyncapi.yaml").text());
        List<String> others = file.findValues("$ref").stream()
                .map(JsonNode::stringValue)
                .filter(reference -> !reference.startsWith("#"))
                .map(reference -> reference.replaceFirst("#.*", ""))
                .distinct()
                .toList();

        assertThat(others)
                .hasSize(3)
                .allSatisfy(other -> assertThat(client.get(URI.create("/asyncapi.yaml")
                                        .resolve(other)
                                        .getPath())
                                .json()
                                .has("$id"))
                        .isTrue());
    }
}
