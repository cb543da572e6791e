package booking.gateway.http;

import booking.schemas.command.Command;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandType;
import booking.schemas.command.Decoded;
import booking.schemas.command.Decoded.Cause;
import booking.schemas.json.JsonProblem;
import booking.schemas.json.StrictJson;
import booking.schemas.json.UuidText;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A command being filled in from a request: its body, then what path and headers say. What is said twice must agree. It is
 * checked by reading it as the processor will.
 */
final class CommandForm {
    private static final String COMMAND_ID = "commandId";
    private static final String EVENT_ID = "eventId";
    /** With this the processor offers seats to somebody who waits. From anybody else it is an unknown field. */
    private static final String PROCESSORS_OWN = "waitlistId";

    private static final CommandDecoder DECODER = new CommandDecoder();
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode fields;

    private CommandForm(ObjectNode fields) {
        this.fields = fields;
    }

    static CommandForm empty() {
        return new CommandForm(JSON.createObjectNode());
    }

    /** A form with the fields of the JSON object in these bytes. */
    static CommandForm of(byte[] body) {
        try {
            if (StrictJson.tree(body) instanceof ObjectNode fields) {
                fields.remove(PROCESSORS_OWN);
                return new CommandForm(fields);
            }
            throw new RequestRefused(ProblemCode.MALFORMED_REQUEST, "the body is not a JSON object");
        } catch (CharacterCodingException e) {
            throw new RequestRefused(ProblemCode.MALFORMED_REQUEST, "the body is not UTF-8");
        } catch (JacksonException e) {
            throw new RequestRefused(
                    ProblemCode.MALFORMED_REQUEST, "the body is not readable JSON: " + JsonProblem.describe(e));
        }
    }

    boolean has(String field) {
        return fields.has(field);
    }

    /** The text in this field, if it has one; what is no text will be refused when the command is read. */
    Optional<String> text(String field) {
        return fields.path(field).stringValueOpt();
    }

    /** The command's id: from the key if there is one, else from the body, else a new one. */
    UUID commandId(Optional<UUID> ofKey, CommandIds ids) {
        Optional<UUID> ofBody = Optional.empty();
        if (fields.has(COMMAND_ID)) {
            ofBody = fields.path(COMMAND_ID).stringValueOpt().flatMap(UuidText::parse);
            // Written in one way, so that the same id is the same text.
            fields.put(
                    COMMAND_ID,
                    ofBody.orElseThrow(() -> invalid("commandId must be a UUID"))
                            .toString());
        }
        return (ofKey.isPresent() ? ofKey : ofBody).orElseGet(ids::next);
    }

    CommandForm with(String field, String value) {
        return put(field, fields.stringNode(value));
    }

    CommandForm withExpectedVersion(OptionalLong version) {
        return version.isEmpty() ? this : put("expectedVersion", fields.numberNode(version.getAsLong()));
    }

    private CommandForm put(String field, JsonNode value) {
        JsonNode other = fields.get(field);
        if (other != null
                && (other.getNodeType() != value.getNodeType()
                        || !other.asString().equals(value.asString()))) {
            throw invalid(field + " in the body is not the one in the path or the headers");
        }
        fields.set(field, value);
        return this;
    }

    /** The command that has been filled in. */
    Command command(CommandType type, UUID commandId) {
        with("type", type.wireName());
        with(COMMAND_ID, commandId.toString());
        byte[] key = fields.path(EVENT_ID).stringValueOpt().orElse("").getBytes(StandardCharsets.UTF_8);
        Decoded decoded = DECODER.decode(key, JSON.writeValueAsBytes(fields));
        if (decoded instanceof Decoded.Valid valid) {
            return valid.command();
        }
        throw new RequestRefused(problem(decoded).about(commandId));
    }

    private static Problem problem(Decoded decoded) {
        if (decoded instanceof Decoded.Refused refused) {
            return Problem.of(ProblemCode.INVALID_COMMAND, refused.detail());
        }
        if (decoded instanceof Decoded.DeadLetter dead) {
            boolean readable = dead.cause() == Cause.NO_EVENT_ID;
            return Problem.of(readable ? ProblemCode.INVALID_COMMAND : ProblemCode.MALFORMED_REQUEST, dead.detail());
        }
        throw new IllegalArgumentException("no problem: " + decoded);
    }

    private static RequestRefused invalid(String detail) {
        return new RequestRefused(ProblemCode.INVALID_COMMAND, detail);
    }
}
