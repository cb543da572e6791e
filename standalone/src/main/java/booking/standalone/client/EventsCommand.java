package booking.standalone.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the events. */
@Command(name = "events", description = "Lists the events and how many places are left.")
public final class EventsCommand implements Callable<Integer> {
    private static final String LINE = "%-24s %-20s %-12s %13s  %-6s  %s%n";
    private static final AvailabilityCodec AVAILABILITY = new AvailabilityCodec();

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOption gateway;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        gateway.gateway()
                .forEach(
                        "/v1/events",
                        "events",
                        () -> out.printf(Locale.ROOT, LINE, "EVENT", "DATE", "VENUE", "LEFT", "STATUS", "NAME"),
                        event -> tell(AVAILABILITY.decode(event.toString().getBytes(UTF_8)), out));
        return 0;
    }

    private static void tell(Availability event, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                LINE,
                event.eventId(),
                event.date(),
                event.venue(),
                event.snapshot().available() + " of " + event.snapshot().capacity(),
                event.status(),
                event.name());
    }
}
