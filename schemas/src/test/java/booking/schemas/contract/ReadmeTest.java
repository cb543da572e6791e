package booking.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.availability.AvailabilityCodec;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandType;
import booking.schemas.command.Decoded;
import booking.schemas.result.Reason;
import booking.schemas.result.ResultDecoder;
import booking.schemas.topic.HeaderNames;
import booking.schemas.topic.TopicDefinitions;
import booking.schemas.topic.TopicNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The README says what is so. */
class ReadmeTest {
    private static final Pattern JSON_BLOCK =
            Pattern.compile("^```json\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern TYPED_COMMAND = Pattern.compile("\\|(\\{.*})'");

    private final String readme = read();

    @Test
    void everyExampleIsValidAndDecodes() {
        List<String> examples = all(JSON_BLOCK);

        for (String example : examples) {
            requireValid(example);
        }
        assertThat(examples).hasSize(9);
    }

    @Test
    void theCommandSentByHandIsOne() {
        List<String> typed = all(TYPED_COMMAND);

        typed.forEach(this::requireValid);
        assertThat(typed).hasSize(1);
        assertThat(readme).contains("'concert-42|{");
    }

    private void requireValid(String json) {
        JsonNode node = PublishedSchema.parse(json.getBytes(UTF_8));
        byte[] bytes = json.getBytes(UTF_8);
        if (node.has("outcome")) {
            assertThat(PublishedSchema.RESULT.errors(node)).as(json).isEmpty();
            assertThat(new ResultDecoder().decode(bytes)).isNotNull();
        } else if (node.has("isBooked")) {
            assertThat(PublishedSchema.AVAILABILITY.errors(node)).as(json).isEmpty();
            assertThat(new AvailabilityCodec().decode(bytes)).isNotNull();
        } else {
            assertThat(PublishedSchema.COMMAND.errors(node)).as(json).isEmpty();
            assertThat(new CommandDecoder()
                            .decode(node.get("eventId").stringValue().getBytes(UTF_8), bytes))
                    .isInstanceOf(Decoded.Valid.class);
        }
    }

    @Test
    void theTopicsAreThoseThatAreMade() {
        List<NewTopic> topics = new TopicDefinitions(
                        TopicNames.DEFAULT, TopicDefinitions.DEFAULT_PARTITIONS, (short) 1, 1, Duration.ofDays(7))
                .newTopics();

        assertThat(topics)
                .allSatisfy(topic -> assertThat(readme)
                        .containsPattern("(?m)^\\| `" + topic.name() + "` \\|.*\\| " + topic.numPartitions() + " \\| "
                                + topic.configs().get("cleanup.policy") + " \\|$"));
    }

    @Test
    void theReasonsAreThoseOfTheCodeInTheOrderInWhichTheyAreChecked() {
        assertThat(all(Pattern.compile("^\\| `([A-Z_]+)` \\|", Pattern.MULTILINE)))
                .containsExactlyElementsOf(
                        Arrays.stream(Reason.values()).map(Enum::name).toList());
    }

    @Test
    void everyFieldTypeAndHeaderIsNamed() throws IllegalAccessException {
        for (PublishedSchema published : PublishedSchema.values()) {
            for (JsonNode properties : published.document().findValues("properties")) {
                properties
                        .propertyNames()
                        .forEach(name -> assertThat(readme).containsPattern("[`\"]" + name + "[`\"]"));
            }
        }
        for (CommandType type : CommandType.values()) {
            assertThat(readme).contains('`' + type.wireName() + '`');
        }
        for (Field header : HeaderNames.class.getDeclaredFields()) {
            assertThat(readme).contains("`" + header.get(null) + "`");
        }
    }

    private List<String> all(Pattern pattern) {
        return pattern.matcher(readme).results().map(result -> result.group(1)).toList();
    }

    private static String read() {
        try {
            return Files.readString(Path.of("README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
