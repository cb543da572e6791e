package booking.schemas.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON from bytes that may be hostile: UTF-8 to the letter, no name twice in an object, depth and numbers
 * bounded, and nothing that is kept from one record to the next.
 */
public final class StrictJson {
    // Every valid record fits these many times over; what does not is hostile or broken.
    private static final int MAX_NESTING_DEPTH = 64;
    private static final int MAX_NUMBER_LENGTH = 1_000;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.threadLocalPool())
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // The table of names seen would outlive the record, and it can be overfilled: a hostile record
                    // could
                    // make the parser fail at a later good one, and a log read again could be decided another way.
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private StrictJson() {}

    /**
     * A parser at the start of this text.
     *
     * @throws CharacterCodingException when the bytes are not UTF-8
     */
    public static JsonParser parser(byte[] value) throws CharacterCodingException {
        CharBuffer text = text(value);
        return JSON.createParser(text.array(), text.arrayOffset(), text.remaining());
    }

    /**
     * The one JSON value in these bytes; numbers stay as they were written.
     *
     * @throws CharacterCodingException when the bytes are not UTF-8
     * @throws JacksonException when they are not one JSON value; nothing else, whatever the bytes
     */
    public static JsonNode tree(byte[] value) throws CharacterCodingException {
        try (JsonParser parser = parser(value)) {
            JsonNode tree = JSON.readTree(parser);
            if (tree == null || tree.isMissingNode()) {
                throw new StreamReadException(parser, "there is no value");
            }
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "there is more after the end of the value");
            }
            return tree;
        } catch (NumberFormatException e) {
            throw new StreamReadException(null, "a number is out of range", e);
        }
    }

    /** Refuses the number that the parser is at when it is longer than any that we have a use for. */
    public static void requireShortNumber(JsonParser parser) {
        parser.streamReadConstraints().validateIntegerLength(parser.getStringLength());
    }

    /**
     * The characters, without overlong forms and halves of surrogate pairs. Jackson's own reading of bytes lets those
     * through, and it works with the shared table of names only.
     */
    private static CharBuffer text(byte[] value) throws CharacterCodingException {
        CharBuffer ascii = ascii(value);
        CharBuffer text = ascii != null ? ascii : UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
        boolean marked = text.hasRemaining() && text.get(text.position()) == BYTE_ORDER_MARK;
        return marked ? text.slice(1, text.remaining() - 1) : text;
    }

    /** The characters of nearly every record, read in one pass; null when there are others than ASCII. */
    private static @Nullable CharBuffer ascii(byte[] value) {
        char[] text = new char[value.length];
        for (int i = 0; i < value.length; i++) {
            if (value[i] < 0) {
                return null;
            }
            text[i] = (char) value[i];
        }
        return CharBuffer.wrap(text);
    }
}
