package booking.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.Format;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A schema file as users get it, with formats asserted. */
enum PublishedSchema {
    COMMAND("command.schema.json"),
    RESULT("result.schema.json"),
    AVAILABILITY("availability.schema.json");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Map<PublishedSchema, JsonNode> DOCUMENTS = new EnumMap<>(PublishedSchema.class);
    private static final Map<PublishedSchema, Schema> SCHEMAS = new EnumMap<>(PublishedSchema.class);

    static {
        Dialect dialect =
                Dialect.builder(Dialects.getDraft202012()).format(new Rfc3339()).build();
        for (PublishedSchema published : values()) {
            JsonNode document = parse(resource(published.fileName));
            DOCUMENTS.put(published, document);
            SCHEMAS.put(published, SchemaRegistry.withDialect(dialect).getSchema(document));
        }
    }

    private final String fileName;

    PublishedSchema(String fileName) {
        this.fileName = fileName;
    }

    String fileName() {
        return fileName;
    }

    JsonNode document() {
        return requireNonNull(DOCUMENTS.get(this));
    }

    List<Error> errors(JsonNode json) {
        return requireNonNull(SCHEMAS.get(this)).validate(json, PublishedSchema::assertFormats);
    }

    List<Error> errors(byte[] json) {
        return errors(parse(json));
    }

    boolean accepts(String json) {
        return errors(json.getBytes(UTF_8)).isEmpty();
    }

    static JsonNode parse(byte[] json) {
        return JSON.readTree(json);
    }

    /** A file beside the schemas. */
    static byte[] resource(String fileName) {
        try (InputStream file = PublishedSchema.class.getResourceAsStream("/booking/schemas/" + fileName)) {
            return requireNonNull(file, fileName).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertFormats(ExecutionContext context) {
        context.executionConfig(config -> config.formatAssertionsEnabled(true));
    }

    /** By java.time, as the validator's own uses the very library that the decoder uses. */
    private static final class Rfc3339 implements Format {
        @Override
        public String getName() {
            return "date-time";
        }

        @Override
        public boolean matches(ExecutionContext context, String value) {
            try {
                var unused = OffsetDateTime.parse(value.toUpperCase(Locale.ROOT).replace(' ', 'T'));
                return true;
            } catch (DateTimeException e) {
                return false;
            }
        }
    }
}
