package booking.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.topic.TopicNames;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** An AsyncAPI file with the schemas that it refers to, and which of its messages have been seen. */
final class AsyncApiFile {
    private static final JsonMapper JSON = new JsonMapper();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDialect(Dialects.getDraft202012());

    private final JsonNode file;
    private final UnaryOperator<String> others;
    private final Map<String, Schema> compiled = new HashMap<>();
    private final SortedSet<String> seen = new TreeSet<>();

    /**
     * Reads one.
     *
     * @param others gives the text of a file beside it
     */
    AsyncApiFile(String yaml, UnaryOperator<String> others) {
        file = new YAMLMapper().readTree(yaml);
        this.others = others;
    }

    /** The messages that there are, such as {@code booking-results accepted}. */
    SortedSet<String> messages() {
        SortedSet<String> messages = new TreeSet<>();
        for (JsonNode channel : file.get("channels")) {
            for (String name : channel.get("messages").propertyNames()) {
                messages.add(channel.get("address").stringValue() + " " + name);
            }
        }
        return messages;
    }

    /** The messages that have been checked. */
    SortedSet<String> seen() {
        return new TreeSet<>(seen);
    }

    /** Fails when the record is not exactly one of the messages of its topic, by key, headers and value. */
    void check(ConsumerRecord<byte[], byte[]> record, TopicNames topics) {
        JsonNode channel = channel(defaultName(record.topic(), topics));
        List<String> fitting = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        channel.get("messages").forEachEntry((name, reference) -> {
            List<String> unfit = errors(resolve(reference), record);
            if (unfit.isEmpty()) {
                fitting.add(channel.get("address").stringValue() + " " + name);
            } else {
                errors.add(name + ": " + unfit);
            }
        });
        assertThat(fitting).as(() -> text(record) + " " + errors).hasSize(1);
        seen.addAll(fitting);
    }

    private List<String> errors(JsonNode message, ConsumerRecord<byte[], byte[]> record) {
        List<String> errors = new ArrayList<>();
        boolean json = message.path("contentType")
                .asString(file.get("defaultContentType").stringValue())
                .equals("application/json");
        for (JsonNode reference : message.path("traits")) {
            JsonNode trait = resolve(reference);
            String place = reference.get("$ref").stringValue();
            errors.addAll(errors(
                    place + "/key",
                    trait.at("/bindings/kafka/key"),
                    JsonNodeFactory.instance.stringNode(utf8(record.key()))));
            errors.addAll(errors(place + "/headers", closed(trait.get("headers")), headers(record)));
        }
        if (json) {
            String reference = message.at("/payload/$ref").stringValue();
            errors.addAll(errors(reference, payload(reference), JSON.readTree(record.value())));
        }
        return errors;
    }

    private List<String> errors(String place, JsonNode schema, JsonNode value) {
        Schema schemaOfPlace = compiled.computeIfAbsent(place, unused -> SCHEMAS.getSchema(schema));
        return schemaOfPlace
                .validate(value, run -> run.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(error -> place + " " + error)
                .toList();
    }

    /** Others' headers come along with a command and with its result; of those with our prefix we know them all. */
    private static JsonNode closed(JsonNode headers) {
        ObjectNode closed = (ObjectNode) headers.deepCopy();
        closed.putObject("patternProperties").put("^ce_(?!(specversion|id|type|source|time)$)", false);
        return closed;
    }

    /** The schema at a place in another file, with what it refers to there. Of this version we know all fields. */
    private JsonNode payload(String reference) {
        String[] parts = reference.split("#", 2);
        JsonNode whole = JSON.readTree(others.apply(parts[0].substring("./".length())));
        JsonNode part = parts.length == 1 ? whole : whole.at(parts[1]);
        ObjectNode schema = (ObjectNode) part.deepCopy();
        schema.remove("$id");
        schema.put("additionalProperties", false);
        if (whole.has("$defs")) {
            schema.set("$defs", whole.get("$defs"));
        }
        return schema;
    }

    private static ObjectNode headers(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode headers = JSON.createObjectNode();
        for (Header header : record.headers()) {
            headers.put(header.key(), header.value() == null ? "" : utf8(header.value()));
        }
        return headers;
    }

    private JsonNode channel(String address) {
        for (JsonNode channel : file.get("channels")) {
            if (channel.get("address").stringValue().equals(address)) {
                return channel;
            }
        }
        throw new AssertionError("no channel " + address);
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(file.at(node.get("$ref").stringValue().substring(1))) : node;
    }

    private static String defaultName(String topic, TopicNames topics) {
        Map<String, String> names = Map.of(
                topics.commands(), TopicNames.DEFAULT.commands(),
                topics.results(), TopicNames.DEFAULT.results(),
                topics.availability(), TopicNames.DEFAULT.availability(),
                topics.deadLetters(), TopicNames.DEFAULT.deadLetters());
        return requireNonNull(names.get(topic));
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + " " + headers(record) + " " + (record.value() == null ? "" : utf8(record.value()));
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
