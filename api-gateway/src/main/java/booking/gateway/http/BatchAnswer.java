package booking.gateway.http;

import booking.schemas.json.CompactJson;
import booking.schemas.result.Position;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The answer to one line of a batch: one line of JSON. */
@SuppressWarnings("ArrayRecordComponent") // never compared, and too many to wrap
record BatchAnswer(Status status, byte[] json) {
    private static final JsonMapper JSON = new JsonMapper();

    /** What became of a line. */
    enum Status {
        /** Carried out. */
        ACCEPTED,
        /** Decided, and not carried out. */
        REJECTED,
        /** In the log, and not decided yet. */
        PENDING,
        /** Not sent. */
        REFUSED,
        /** Perhaps in the log. */
        UNKNOWN;

        /** As metrics name it. */
        String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The answer to a line whose command was sent. */
    static BatchAnswer of(long line, UUID commandId, Outcome outcome) {
        if (outcome instanceof Outcome.Decided decided) {
            return decided(line, commandId, decided);
        } else if (outcome instanceof Outcome.Pending pending) {
            return pending(line, commandId, pending.position());
        } else if (outcome instanceof Outcome.Failed failed) {
            Status status = failed.problem().code() == ProblemCode.OUTCOME_UNKNOWN ? Status.UNKNOWN : Status.REFUSED;
            return failed(line, status, failed.problem());
        }
        throw new IllegalArgumentException("no outcome: " + outcome);
    }

    /** The answer to a line that was not sent. */
    static BatchAnswer refused(long line, Problem problem) {
        return failed(line, Status.REFUSED, problem);
    }

    private static BatchAnswer decided(long line, UUID commandId, Outcome.Decided decided) {
        Optional<Status> status = outcome(decided.result());
        if (status.isEmpty()) {
            // From a newer processor, perhaps. It is decided all the same, and can be asked for.
            return pending(line, commandId, decided.position());
        }
        return new BatchAnswer(status.get(), CompactJson.object(json -> {
            json.writeNumberProperty("line", line);
            json.writeStringProperty("commandId", commandId.toString());
            json.writeStringProperty("status", status.get().name());
            json.writeName("result");
            json.writeRawValue(new String(decided.result(), StandardCharsets.UTF_8));
        }));
    }

    private static Optional<Status> outcome(byte[] result) {
        try {
            return switch (JSON.readTree(result).path("outcome").asString("")) {
                case "ACCEPTED" -> Optional.of(Status.ACCEPTED);
                case "REJECTED" -> Optional.of(Status.REJECTED);
                default -> Optional.empty();
            };
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static BatchAnswer pending(long line, UUID commandId, Position position) {
        return new BatchAnswer(Status.PENDING, CompactJson.object(json -> {
            json.writeNumberProperty("line", line);
            json.writeStringProperty("commandId", commandId.toString());
            json.writeStringProperty("status", Status.PENDING.name());
            json.writeObjectPropertyStart("position");
            json.writeNumberProperty("partition", position.partition());
            json.writeNumberProperty("offset", position.offset());
            json.writeEndObject();
        }));
    }

    private static BatchAnswer failed(long line, Status status, Problem problem) {
        return new BatchAnswer(status, CompactJson.object(json -> {
            json.writeNumberProperty("line", line);
            problem.commandId().ifPresent(id -> json.writeStringProperty("commandId", id.toString()));
            json.writeStringProperty("status", status.name());
            problem.retryAfter().ifPresent(seconds -> json.writeNumberProperty("retryAfter", seconds));
            json.writeName("problem");
            json.writeRawValue(new String(problem.json(), StandardCharsets.UTF_8));
        }));
    }
}
