package booking.processor.protocol;

import java.util.List;
import java.util.Optional;

/** Everything at one moment: what is durable, and what each of two writers has in mind. */
record State(Database database, Kafka kafka, List<Writer> writers) {

    static State initial() {
        return new State(
                new Database(0, Row.empty(Protocol.IDS), "0".repeat(Protocol.IDS)),
                new Kafka(0, Row.empty(Protocol.COMMANDS.length())),
                List.of(Writer.OUT, Writer.OUT));
    }

    State with(Database other) {
        return new State(other, kafka, writers);
    }

    State with(Kafka other) {
        return new State(database, other, writers);
    }

    State with(int index, Writer writer) {
        return new State(
                database, kafka, index == 0 ? List.of(writer, writers.get(1)) : List.of(writers.get(0), writer));
    }

    /** What must never be, if it is. */
    Optional<String> violation() {
        if (database.decisions().indexOf('2') >= 0) {
            return Optional.of("a command is decided twice");
        }
        for (int id = 0; id < Protocol.IDS; id++) {
            char outcome = database.outcomes().charAt(id);
            // The ids are numbered in the order in which they come first in the log.
            if (outcome != Row.NONE && outcome != '1' + id) {
                return Optional.of("commands are not decided in the order of the log");
            }
        }
        for (int offset = 0; offset < Protocol.COMMANDS.length(); offset++) {
            char result = kafka.results().charAt(offset);
            if (result == Row.TWICE) {
                return Optional.of("a command has two results");
            }
            if (result != Row.NONE && result != database.outcomes().charAt(Protocol.id(offset))) {
                return Optional.of("a result is not the stored outcome");
            }
            if (result == Row.NONE && offset < kafka.offset()) {
                return Optional.of("a command is passed over");
            }
        }
        return kafka.offset() > database.progress() ? Optional.of("the database is behind Kafka") : Optional.empty();
    }

    /** What must not be when there is nothing left to do, if it is. */
    Optional<String> omission() {
        int end = Protocol.COMMANDS.length();
        if (kafka.results().indexOf(Row.NONE) >= 0) {
            return Optional.of("a command has no result");
        }
        return database.progress() == end && kafka.offset() == end
                ? Optional.empty()
                : Optional.of("the progress or the group's offset is not at the end");
    }
}
