package booking.standalone.client;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Changes an event. */
@Command(name = "update", description = "Changes what is given of an event, and leaves the rest as it is.")
public final class UpdateCommand implements Callable<Integer> {
    @Mixin
    private EventDesk desk;

    @Mixin
    private EventOptions event;

    @Option(names = "--date", paramLabel = "DATE", description = "When it takes place, such as 2027-05-01T20:00:00Z.")
    private @Nullable String date;

    @Override
    public Integer call() {
        ObjectNode changes = event.asJson();
        if (date != null) {
            changes.put("date", date);
        }
        return desk.send(
                "PATCH",
                desk.path(),
                changes,
                accepted -> "updated " + accepted.eventId() + ", " + Places.left(accepted.snapshot()));
    }
}
