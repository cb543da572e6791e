package booking.gateway.http;

import booking.schemas.command.Command;
import booking.schemas.result.Position;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the outcome of a command into the answer to the request that asked for it. */
final class CommandAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(CommandAnswer.class);

    private CommandAnswer() {}

    static void write(HttpServerResponse response, Command command, Preference preference, Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            Answers.problem(response, failed.problem());
        } else if (outcome instanceof Outcome.Pending pending) {
            applied(response, preference);
            pending(response, command, pending.position());
        } else if (outcome instanceof Outcome.Decided decided) {
            applied(response, preference);
            try {
                ResultAnswer.write(response, command, decided.result());
            } catch (SerializationException e) {
                // From a newer processor, perhaps. It is decided all the same, and must not look like a failure.
                LOG.atWarn()
                        .setMessage("Cannot read the result of a command: {}")
                        .addArgument(e.toString())
                        .addKeyValue("commandId", command.commandId())
                        .addKeyValue("eventId", command.eventId())
                        .log();
                pending(response, command, decided.position());
            }
        }
    }

    private static void pending(HttpServerResponse response, Command command, Position at) {
        Answers.commandId(response, command.commandId());
        response.putHeader(
                HttpHeaders.LOCATION,
                "/v1/commands/" + command.commandId() + "?at=" + at.partition() + "-" + at.offset());
        Answers.json(response, 202, CommandStatus.pending(command.commandId(), at));
    }

    private static void applied(HttpServerResponse response, Preference preference) {
        if (!Answers.isOver(response)) {
            preference.applied().ifPresent(preferences -> response.putHeader("Preference-Applied", preferences));
        }
    }
}
