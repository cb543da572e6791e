package booking.processor.desk;

import booking.processor.store.Fingerprint;
import booking.schemas.command.Command;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandEncoder;
import booking.schemas.command.CommandType;
import booking.schemas.command.Decoded;
import booking.schemas.result.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record of the commands topic, as the desk takes it in. */
sealed interface Incoming {

    /** Where it stands in the log. */
    Position position();

    /** A record that gets a result. */
    sealed interface Answerable extends Incoming {
        UUID commandId();

        String eventId();

        Optional<CommandType> type();

        /** The time that the log gave it. */
        Instant at();

        /** Of its content: the same for a repetition. */
        Fingerprint fingerprint();
    }

    /** A command for the rules. */
    record Valid(Position position, Instant at, Command command, Fingerprint fingerprint) implements Answerable {
        @Override
        public UUID commandId() {
            return command.commandId();
        }

        @Override
        public String eventId() {
            return command.eventId();
        }

        @Override
        public Optional<CommandType> type() {
            return Optional.of(command.type());
        }
    }

    /** Not a command, but somebody waits for an answer. */
    record Invalid(
            Position position,
            Instant at,
            UUID commandId,
            String eventId,
            Optional<CommandType> type,
            String detail,
            Fingerprint fingerprint)
            implements Answerable {}

    /** Nobody can be answered. */
    record Unanswerable(Position position, Decoded.DeadLetter deadLetter) implements Incoming {}

    /** Takes a record in, whatever it holds. */
    static Incoming of(ConsumerRecord<byte[], byte[]> record, CommandDecoder decoder, CommandEncoder encoder) {
        Position position = new Position(record.partition(), record.offset());
        // A topic that is not ours may hold records without a time, which say -1.
        Instant at = Instant.ofEpochMilli(Math.max(0, record.timestamp()));
        Decoded decoded = decoder.decode(record.key(), record.value());
        if (decoded instanceof Decoded.Valid valid) {
            Command command = valid.command();
            return new Valid(position, at, command, Fingerprint.of(encoder.encode(command)));
        }
        if (decoded instanceof Decoded.Refused refused) {
            return new Invalid(
                    position,
                    at,
                    refused.commandId(),
                    refused.eventId(),
                    refused.type(),
                    refused.detail(),
                    // Never the fingerprint of a valid command: that is of JSON, which starts with a brace.
                    Fingerprint.of(("invalid " + new String(record.value(), StandardCharsets.UTF_8))
                            .getBytes(StandardCharsets.UTF_8)));
        }
        return new Unanswerable(position, (Decoded.DeadLetter) decoded);
    }
}
