package booking.standalone.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the events. */
@Command(name = "events", description = "Lists the events and how many places are left.")
public final class EventsCommand implements Callable<Integer> {
    private static final AvailabilityCodec AVAILABILITY = new AvailabilityCodec();

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOption gateway;

    @Override
    public Integer call() {
        Table table = new Table("EVENT", "DATE", "VENUE", "LEFT", "STATUS", "NAME");
        gateway.gateway().forEach("/v1/events", "events", entry -> {
            Availability event = AVAILABILITY.decode(entry.toString().getBytes(UTF_8));
            table.add(
                    event.eventId(),
                    event.date().toString(),
                    event.venue(),
                    event.snapshot().available() + " of " + event.snapshot().capacity(),
                    event.status().toString(),
                    event.name());
        });
        table.print(spec.commandLine().getOut());
        return 0;
    }
}
