package booking.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.availability.AvailabilityCodec;
import booking.schemas.availability.EventStatus;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandType;
import booking.schemas.command.Decoded;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.Reason;
import booking.schemas.result.ResultDecoder;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The schema files are sound, their examples are true, and their lists are those of the code. */
class PublishedSchemaTest {
    @ParameterizedTest
    @EnumSource
    void isJsonSchema(PublishedSchema published) {
        var metaSchema = SchemaRegistry.withDialect(Dialects.getDraft202012())
                .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));

        assertThat(metaSchema.validate(published.document().toString(), InputFormat.JSON))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void namesItselfWithoutAHostAndForbidsNoFields(PublishedSchema published) {
        String name = published.fileName().replace(".schema.json", "");

        assertThat(published.document().get("$id").stringValue()).isEqualTo("urn:booking:schemas:" + name);
        assertThat(published.document().findValues("additionalProperties")).isEmpty();
        assertThat(published.document().findValues("unevaluatedProperties")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void refersToNothingOutsideItself(PublishedSchema published) {
        for (JsonNode reference : published.document().findValues("$ref")) {
            assertThat(reference.stringValue()).startsWith("#/$defs/");
            assertThat(published
                            .document()
                            .at(reference.stringValue().substring(1))
                            .isMissingNode())
                    .as(reference.stringValue())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyExampleIsValidAndDecodes(PublishedSchema published) {
        List<JsonNode> examples = new ArrayList<>();
        for (JsonNode list : published.document().findValues("examples")) {
            for (JsonNode example : list) {
                if (example.isObject()) {
                    examples.add(example);
                }
            }
        }

        assertThat(examples).isNotEmpty();
        for (JsonNode example : examples) {
            assertThat(published.errors(example)).as(example.toString()).isEmpty();
            requireDecodes(published, example);
        }
    }

    private static void requireDecodes(PublishedSchema published, JsonNode example) {
        byte[] json = example.toString().getBytes(UTF_8);
        byte[] key = example.get("eventId").stringValue().getBytes(UTF_8);
        switch (published) {
            case COMMAND -> assertThat(new CommandDecoder().decode(key, json)).isInstanceOf(Decoded.Valid.class);
            case RESULT -> assertThat(new ResultDecoder().decode(json)).isNotNull();
            case AVAILABILITY ->
                assertThat(new AvailabilityCodec().decode(json)).isNotNull();
        }
    }

    @Test
    void theListsOfWordsAreThoseOfTheCodeInTheSameOrder() {
        JsonNode command = PublishedSchema.COMMAND.document();
        JsonNode result = PublishedSchema.RESULT.document();
        JsonNode availability = PublishedSchema.AVAILABILITY.document();
        List<String> types =
                Arrays.stream(CommandType.values()).map(CommandType::wireName).toList();

        assertThat(command.get("oneOf"))
                .extracting(variant -> variant.get("$ref").stringValue())
                .containsExactlyElementsOf(
                        types.stream().map(type -> "#/$defs/" + type).toList());
        assertThat(types)
                .allSatisfy(type -> assertThat(command.at("/$defs/" + type + "/properties/type/const")
                                .stringValue())
                        .isEqualTo(type));
        assertThat(result.at("/$defs/knownType/enum"))
                .extracting(JsonNode::stringValue)
                .containsExactlyElementsOf(types);
        assertThat(constants(result, "knownReason")).containsExactlyElementsOf(names(Reason.values()));
        assertThat(constants(result, "knownStatus")).containsExactlyElementsOf(names(BookingStatus.values()));
        assertThat(constants(availability, "knownStatus")).containsExactlyElementsOf(names(EventStatus.values()));
    }

    @Test
    void wordsOfLaterVersionsAreNoErrors() {
        String rejected = example(PublishedSchema.RESULT, 1)
                .replace("\"SOLD_OUT\"", "\"SEATS_TOO_FAR_APART\"")
                .replace("\"book\"", "\"swapSeats\"");
        String accepted = example(PublishedSchema.RESULT, 0).replace("\"CONFIRMED\"", "\"REFUNDED\"");

        assertThat(PublishedSchema.RESULT.accepts(rejected)).isTrue();
        assertThat(PublishedSchema.RESULT.accepts(accepted)).isTrue();
        assertThat(PublishedSchema.RESULT.accepts(rejected.replace("SEATS_TOO_FAR_APART", "seats too far apart")))
                .isFalse();
    }

    @Test
    void anEventLooksTheSameInResultsAndAvailability() {
        JsonNode inResults = PublishedSchema.RESULT.document().at("/$defs/event");
        JsonNode inAvailability = PublishedSchema.AVAILABILITY.document().at("/$defs/event");

        assertThat(inAvailability.get("properties")).isEqualTo(inResults.get("properties"));
        assertThat(inAvailability.get("required")).isEqualTo(inResults.get("required"));
    }

    private static String example(PublishedSchema published, int index) {
        return published.document().at("/examples/" + index).toString();
    }

    private static List<String> constants(JsonNode schema, String definition) {
        List<String> constants = new ArrayList<>();
        for (JsonNode one : schema.at("/$defs/" + definition + "/oneOf")) {
            constants.add(one.get("const").stringValue());
            assertThat(Optional.ofNullable(one.get("description"))).isPresent();
        }
        return constants;
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }
}
