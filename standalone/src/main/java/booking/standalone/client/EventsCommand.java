package booking.standalone.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Lists the events. */
@Command(name = "events", description = "Lists the events and how many places are left.")
public final class EventsCommand implements Callable<Integer> {
    private static final String LINE = "%-24s %-20s %-12s %13s  %s%n";
    private static final AvailabilityCodec AVAILABILITY = new AvailabilityCodec();

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOption gateway;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, LINE, "EVENT", "DATE", "VENUE", "LEFT", "NAME");
        Gateway asked = gateway.gateway();
        Optional<String> after = Optional.empty();
        do {
            JsonNode page = asked.get("/v1/events?limit=1000"
                            + after.map(id -> "&after=" + Gateway.encoded(id)).orElse(""))
                    .json();
            for (JsonNode event : page.path("events")) {
                tell(AVAILABILITY.decode(event.toString().getBytes(UTF_8)), out);
            }
            after = page.path("after").stringValueOpt();
        } while (after.isPresent());
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
                event.name());
    }
}
