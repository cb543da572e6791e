package booking.standalone.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Creates an event. */
@Command(
        name = "create",
        description = "Creates an event; of one place, in the venue main and named by its id unless told otherwise.")
public final class CreateCommand implements Callable<Integer> {
    @Mixin
    private EventDesk desk;

    @Mixin
    private EventOptions options;

    @Option(
            names = "--date",
            paramLabel = "DATE",
            required = true,
            description = "When it takes place, such as 2027-05-01T20:00:00Z.")
    private String date;

    @Override
    public Integer call() {
        ObjectNode event = options.asJson().put("eventId", desk.eventId()).put("date", date);
        if (!event.has("name")) {
            event.put("name", desk.eventId());
        }
        return desk.send(
                "POST",
                "/v1/events",
                event,
                accepted -> "created " + accepted.eventId() + " with "
                        + Places.inWords(accepted.snapshot().capacity()));
    }
}
