package booking.standalone.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
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
        PrintWriter out = spec.commandLine().getOut();
        List<Availability> events = new ArrayList<>();
        gateway.gateway()
                .forEach(
                        "/v1/events",
                        "events",
                        () -> {},
                        event -> events.add(AVAILABILITY.decode(event.toString().getBytes(UTF_8))));
        String line = "%-" + width("EVENT", events, Availability::eventId) + "s  %-20s  %-"
                + width("VENUE", events, Availability::venue) + "s %13s  %-6s  %s%n";
        out.printf(Locale.ROOT, line, "EVENT", "DATE", "VENUE", "LEFT", "STATUS", "NAME");
        events.forEach(event -> out.printf(
                Locale.ROOT,
                line,
                event.eventId(),
                event.date(),
                event.venue(),
                event.snapshot().available() + " of " + event.snapshot().capacity(),
                event.status(),
                event.name()));
        return 0;
    }

    /** Of a column with this heading. */
    private static int width(String heading, List<Availability> events, Function<Availability, String> cell) {
        return Math.max(
                heading.length(),
                events.stream().map(cell).mapToInt(String::length).max().orElse(0));
    }
}
