package booking.schemas.topic;

import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import booking.schemas.command.Command;
import booking.schemas.command.CommandEncoder;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import booking.schemas.result.ResultEncoder;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** Kafka serdes for Java clients. All keys are event ids, written by {@link Serdes#String()}. */
public final class BookingSerdes {
    private BookingSerdes() {}

    /** Writes commands; reading them is {@link booking.schemas.command.CommandDecoder}'s, which refuses none. */
    public static Serializer<Command> commandSerializer() {
        CommandEncoder encoder = new CommandEncoder();
        return (topic, command) -> command == null ? null : encoder.encode(command);
    }

    /** Writes and reads results. */
    public static Serde<Result> results() {
        ResultEncoder encoder = new ResultEncoder();
        ResultDecoder decoder = new ResultDecoder();
        return Serdes.serdeFrom(
                (topic, result) -> result == null ? null : encoder.encode(result),
                (topic, value) -> value == null ? null : decoder.decode(value));
    }

    /** Writes and reads availability; null stands for null, which removes a key from a compacted topic. */
    public static Serde<Availability> availability() {
        AvailabilityCodec codec = new AvailabilityCodec();
        return Serdes.serdeFrom(
                (topic, availability) -> availability == null ? null : codec.encode(availability),
                (topic, value) -> value == null ? null : codec.decode(value));
    }
}
