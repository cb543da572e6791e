package booking.standalone.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import booking.schemas.command.CommandType;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows results as they happen. */
@Command(name = "watch", description = "Shows results as they happen, until Ctrl-C.")
public final class WatchCommand implements Callable<Integer> {
    private static final String NAME = "event:";
    private static final String RESULT = "result";
    private static final String DATA = "data:";
    private static final ResultDecoder RESULTS = new ResultDecoder();

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOption gateway;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Gateway watched = gateway.gateway();
        try (Stream<String> lines = watched.lines("/v1/stream")) {
            spec.commandLine().getErr().println("watching " + watched.url());
            String name = "";
            for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                String line = each.next();
                if (line.startsWith(NAME)) {
                    name = line.substring(NAME.length()).strip();
                } else if (line.startsWith(DATA) && name.equals(RESULT)) {
                    // Each result is one line of data.
                    out.println(inWords(line.substring(DATA.length()).strip()));
                    out.flush();
                }
            }
        } catch (UncheckedIOException e) {
            throw new GatewayException(
                    "the stream of " + watched.url() + " broke (" + NoAnswer.inWords(requireNonNull(e.getCause()))
                            + ")",
                    e);
        }
        throw new GatewayException("the gateway at " + watched.url() + " has ended the stream");
    }

    private static String inWords(String json) {
        try {
            Result result = RESULTS.decode(json.getBytes(UTF_8));
            return result.decidedAt() + " "
                    + result.commandType().map(CommandType::wireName).orElse("command") + " " + result.eventId()
                    + result.userId().map(user -> " " + user).orElse("") + ": " + outcome(result);
        } catch (SerializationException newer) {
            // Of a later version than ours; better shown as it is than not at all.
            return json;
        }
    }

    private static String outcome(Result result) {
        if (result instanceof Rejected rejected) {
            return "rejected, " + rejected.detail() + " (" + rejected.reason() + ")";
        }
        return "accepted"
                + result.booking().map(booking -> ", booking " + booking).orElse("")
                + result.event()
                        .map(event -> ", " + event.available() + " left")
                        .orElse("");
    }
}
