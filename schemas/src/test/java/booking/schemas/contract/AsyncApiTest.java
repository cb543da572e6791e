package booking.schemas.contract;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.command.CommandType;
import booking.schemas.topic.HeaderNames;
import booking.schemas.topic.TopicDefinitions;
import booking.schemas.topic.TopicNames;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The AsyncAPI file agrees with the topics that are made, the schema files and the headers that are written. */
class AsyncApiTest {
    private final JsonNode asyncApi = new YAMLMapper().readTree(PublishedSchema.resource("asyncapi.yaml"));

    @Test
    void itsChannelsAreTheTopicsThatAreMade() {
        Map<String, NewTopic> topics = new TopicDefinitions(
                        TopicNames.DEFAULT, TopicDefinitions.DEFAULT_PARTITIONS, (short) 1, 1, Duration.ofDays(7))
                .newTopics().stream().collect(toMap(NewTopic::name, topic -> topic));

        assertThat(asyncApi.get("channels"))
                .extracting(channel -> channel.get("address").stringValue())
                .containsExactlyInAnyOrderElementsOf(topics.keySet());
        for (JsonNode channel : asyncApi.get("channels")) {
            NewTopic topic = requireNonNull(topics.get(channel.get("address").stringValue()));
            JsonNode binding = channel.at("/bindings/kafka");
            assertThat(binding.get("partitions").intValue()).isEqualTo(topic.numPartitions());
            assertThat(binding.at("/topicConfiguration/cleanup.policy/0").stringValue())
                    .isEqualTo(topic.configs().get("cleanup.policy"));
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references =
                asyncApi.findValues("$ref").stream().map(JsonNode::stringValue).toList();

        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            int fragment = reference.indexOf('#');
            String file = fragment < 0 ? reference : reference.substring(0, fragment);
            String pointer = fragment < 0 ? "" : reference.substring(fragment + 1);
            JsonNode document = file.isEmpty()
                    ? asyncApi
                    : PublishedSchema.parse(PublishedSchema.resource(file.substring("./".length())));
            assertThat(document.at(pointer).isMissingNode()).isFalse();
        });
    }

    @Test
    void everyCommandResultAndAvailabilityIsAMessageWithItsSchemaAsPayload() {
        List<String> payloads = new ArrayList<>();
        for (CommandType type : CommandType.values()) {
            payloads.add("./command.schema.json#/$defs/" + type.wireName());
            assertThat(asyncApi.at("/channels/commands/messages").has(type.wireName()))
                    .as(type.wireName())
                    .isTrue();
        }
        payloads.addAll(List.of(
                "./result.schema.json#/$defs/accepted",
                "./result.schema.json#/$defs/rejected",
                "./availability.schema.json"));

        assertThat(asyncApi.at("/components/messages").findValues("payload")).hasSize(payloads.size() + 1);
        assertThat(asyncApi.at("/components/messages"))
                .filteredOn(message -> message.at("/payload").has("$ref"))
                .extracting(message -> message.at("/payload/$ref").stringValue())
                .containsExactlyElementsOf(payloads);
    }

    @Test
    void itsHeadersAreOurs() throws IllegalAccessException {
        List<String> names = new ArrayList<>();
        for (Field name : HeaderNames.class.getDeclaredFields()) {
            names.add((String) name.get(null));
        }
        List<String> always = names.stream()
                .filter(name -> name.startsWith("ce_") || name.equals(HeaderNames.CONTENT_TYPE))
                .toList();

        for (String trait : List.of("result", "availability")) {
            JsonNode headers = asyncApi.at("/components/messageTraits/" + trait + "/headers");
            assertThat(headers.get("required"))
                    .extracting(JsonNode::stringValue)
                    .containsExactlyInAnyOrderElementsOf(always);
            assertThat(names).containsAll(headers.get("properties").propertyNames());
        }
        for (String trait : List.of("command", "result")) {
            assertThat(asyncApi.at("/components/messageTraits/" + trait + "/headers/properties")
                            .propertyNames())
                    .containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void keysAreEventIdsAsTheCommandSchemaHasThem() {
        String pattern =
                PublishedSchema.COMMAND.document().at("/$defs/eventId/pattern").stringValue();

        assertThat(asyncApi.at("/components/messageTraits"))
                .extracting(trait -> trait.at("/bindings/kafka/key/pattern").stringValue())
                .hasSize(3)
                .containsOnly(pattern);
    }
}
