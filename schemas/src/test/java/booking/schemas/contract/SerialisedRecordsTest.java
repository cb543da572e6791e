package booking.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import booking.schemas.command.Command;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandEncoder;
import booking.schemas.command.Decoded;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import booking.schemas.result.ResultEncoder;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What the records are written as is what the schemas say, and reads back as the same record. */
class SerialisedRecordsTest {
    @Property(tries = 1_000)
    void everyCommandIsWrittenAsTheSchemaSaysAndReadBack(@ForAll("commands") Command command) {
        byte[] json = new CommandEncoder().encode(command);

        assertThat(PublishedSchema.COMMAND.errors(json)).isEmpty();
        assertThat(new CommandDecoder().decode(command.eventId().getBytes(UTF_8), json))
                .isEqualTo(new Decoded.Valid(command));
    }

    @Property(tries = 1_000)
    void everyResultIsWrittenAsTheSchemaSaysAndReadBack(@ForAll("results") Result result) {
        byte[] json = new ResultEncoder().encode(result);

        assertThat(PublishedSchema.RESULT.errors(json)).isEmpty();
        assertThat(new ResultDecoder().decode(json)).isEqualTo(result);
    }

    @Property(tries = 1_000)
    void everyAvailabilityIsWrittenAsTheSchemaSaysAndReadBack(@ForAll("availabilities") Availability availability) {
        byte[] json = new AvailabilityCodec().encode(availability);

        assertThat(PublishedSchema.AVAILABILITY.errors(json)).isEmpty();
        assertThat(new AvailabilityCodec().decode(json)).isEqualTo(availability);
    }

    @Provide
    Arbitrary<Command> commands() {
        return AnyRecord.command();
    }

    @Provide
    Arbitrary<Result> results() {
        return AnyRecord.result();
    }

    @Provide
    Arbitrary<Availability> availabilities() {
        return AnyRecord.availability();
    }
}
