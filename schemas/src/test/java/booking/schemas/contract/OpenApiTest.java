package booking.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.availability.EventStatus;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandType;
import booking.schemas.command.Decoded;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The OpenAPI file says of commands and results what the schema files and the code say. */
class OpenApiTest {
    private static final String COMMAND_ID = "01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a";

    /** What a path or the gateway adds to a body, or a body may repeat. */
    private static final Set<String> NOT_OF_THE_BODY = Set.of("type", "commandId", "eventId", "waitlistId");

    private final JsonNode openApi = new YAMLMapper().readTree(PublishedSchema.resource("openapi.yaml"));

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references =
                openApi.findValues("$ref").stream().map(JsonNode::stringValue).toList();

        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(openApi.at(reference.substring(1)).isMissingNode()).isFalse();
        });
    }

    @Test
    void everyComponentIsUsed() {
        Set<String> references = new TreeSet<>();
        openApi.findValues("$ref").forEach(reference -> references.add(reference.stringValue()));
        // These are referred to by their names alone.
        openApi.get("security")
                .forEach(way ->
                        way.propertyNames().forEach(name -> references.add("#/components/securitySchemes/" + name)));
        Set<String> components = new TreeSet<>();
        openApi.get("components")
                .forEachEntry((kind, all) ->
                        all.propertyNames().forEach(name -> components.add("#/components/" + kind + "/" + name)));

        assertThat(references).isEqualTo(components);
    }

    @Test
    void noTwoCallsHaveOneName() {
        List<String> names = openApi.findValues("operationId").stream()
                .map(JsonNode::stringValue)
                .toList();

        assertThat(names).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void theListsOfWordsAreThoseOfTheCodeInTheSameOrder() {
        assertThat(words("RejectionReason")).containsExactlyElementsOf(names(Reason.values()));
        assertThat(words("BookingStatus")).containsExactlyElementsOf(names(BookingStatus.values()));
        assertThat(words("CommandType"))
                .containsExactlyElementsOf(Arrays.stream(CommandType.values())
                        .map(CommandType::wireName)
                        .toList());
        assertThat(openApi.at("/components/schemas/Event/properties/status/enum"))
                .extracting(JsonNode::stringValue)
                .containsExactlyElementsOf(names(EventStatus.values()));
    }

    @ParameterizedTest
    @CsvSource({
        "NewEvent, createEvent",
        "EventChanges, updateEvent",
        "NewBooking, hold",
        "NewWaitlistEntry, joinWaitlist",
    })
    void aBodyHasTheFieldsOfItsCommandWithTheSameBounds(String schema, String type) {
        JsonNode body = openApi.at("/components/schemas/" + schema + "/properties");
        JsonNode command = PublishedSchema.COMMAND.document().at("/$defs/" + type + "/properties");

        for (String field : command.propertyNames()) {
            // An event that does not exist has no version to be expected.
            boolean expected = !NOT_OF_THE_BODY.contains(field)
                    && !(type.equals("createEvent") && field.equals("expectedVersion"));
            if (expected) {
                assertThat(body.has(field)).as(field).isTrue();
                assertThat(bounds(body.get(field), openApi))
                        .as(field)
                        .isEqualTo(bounds(command.get(field), PublishedSchema.COMMAND.document()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"AcceptedResult, accepted", "RejectedResult, rejected"})
    void aResultHasTheFieldsThatItHasOnTheTopic(String schema, String outcome) {
        JsonNode answer = openApi.at("/components/schemas/" + schema);
        JsonNode result = PublishedSchema.RESULT.document().at("/$defs/" + outcome);

        assertThat(answer.get("properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(result.get("properties").propertyNames());
        assertThat(answer.get("required")).isEqualTo(result.get("required"));
    }

    @Test
    void everyExampleOfABodyBecomesACommand() {
        Map<String, CommandType> types = Map.of(
                "createEvent", CommandType.CREATE_EVENT,
                "updateEvent", CommandType.UPDATE_EVENT,
                "book", CommandType.BOOK,
                "joinWaitlist", CommandType.JOIN_WAITLIST);
        List<String> met = new ArrayList<>();
        for (JsonNode path : openApi.get("paths")) {
            for (JsonNode call : path) {
                for (JsonNode example : call.at("/requestBody/content/application~1json/examples")) {
                    String name = call.get("operationId").stringValue();
                    met.add(name);
                    ObjectNode command = (ObjectNode) example.get("value").deepCopy();
                    requireCommand(
                            command,
                            command.has("holdSeconds") ? CommandType.HOLD : requireNonNull(types.get(name), name));
                }
            }
        }

        assertThat(met).contains(types.keySet().toArray(String[]::new));
    }

    private static void requireCommand(ObjectNode fields, CommandType type) {
        fields.put("type", type.wireName()).put("commandId", COMMAND_ID).put("eventId", "e");
        byte[] json = fields.toString().getBytes(UTF_8);

        assertThat(PublishedSchema.COMMAND.errors(json)).as(fields.toString()).isEmpty();
        assertThat(new CommandDecoder().decode("e".getBytes(UTF_8), json)).isInstanceOf(Decoded.Valid.class);
    }

    /** What of a field's schema two files can be compared by; what either leaves open is left out. */
    private static List<String> bounds(JsonNode schema, JsonNode file) {
        List<String> bounds = new ArrayList<>();
        for (String word : List.of("type", "minimum", "maximum", "minLength", "maxLength", "format")) {
            JsonNode value = find(word, schema, file);
            if (!value.isMissingNode()) {
                bounds.add(word + " " + value);
            }
        }
        return bounds;
    }

    private static JsonNode find(String word, JsonNode schema, JsonNode file) {
        if (schema.has(word) || !schema.has("$ref")) {
            return schema.path(word);
        }
        return find(word, file.at(schema.get("$ref").stringValue().substring(1)), file);
    }

    private List<String> words(String schema) {
        List<String> words = new ArrayList<>();
        openApi.at("/components/schemas/" + schema + "/enum").forEach(word -> words.add(word.stringValue()));
        return words;
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }
}
