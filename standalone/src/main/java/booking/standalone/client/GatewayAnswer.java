package booking.standalone.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import booking.schemas.result.Accepted;
import booking.schemas.result.ResultDecoder;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a gateway answered.
 *
 * @param gateway its address
 * @param status of HTTP
 * @param location where to ask on
 */
record GatewayAnswer(URI gateway, int status, String body, Optional<String> location) {
    private static final int DONE = 0;
    private static final int NOT_DONE = 1;
    private static final int UNDECIDED = 202;
    private static final int FIRST_REFUSAL = 400;
    private static final String NOT_AUTHENTICATED = "NOT_AUTHENTICATED";
    private static final String HOW_TO_SAY_WHO_ASKS = "; give one in the variable BOOKING_API_KEY, or with --api-key";
    private static final int LONGEST_SHOWN = 200;

    private static final JsonMapper JSON = new JsonMapper();

    /** Tells the outcome of a command in words; the exit code is the answer. */
    int tell(Function<Accepted, String> success, PrintWriter out, PrintWriter err) {
        if (status == UNDECIDED) {
            err.println("not decided yet; the outcome will be at " + location.orElse("an unknown place"));
            return NOT_DONE;
        }
        if (status >= FIRST_REFUSAL) {
            err.println(refusal());
            return NOT_DONE;
        }
        out.println(success.apply(accepted()));
        return DONE;
    }

    /** What is thrown when this was no answer to a question. */
    GatewayException asFailure() {
        return status >= FIRST_REFUSAL ? new GatewayException(refusal()) : new GatewayException(strangeness());
    }

    /** The answer to a question, as JSON. */
    JsonNode json() {
        if (status >= FIRST_REFUSAL) {
            throw asFailure();
        }
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            throw strange(e);
        }
    }

    private Accepted accepted() {
        try {
            return (Accepted) new ResultDecoder().decode(body.getBytes(UTF_8));
        } catch (SerializationException | ClassCastException e) {
            throw strange(e);
        }
    }

    private String refusal() {
        try {
            JsonNode problem = JSON.readTree(body);
            String reason = problem.required("reason").stringValue();
            return "refused: " + problem.required("detail").stringValue() + " (" + reason + ")"
                    + (reason.equals(NOT_AUTHENTICATED) ? HOW_TO_SAY_WHO_ASKS : "");
        } catch (JacksonException | IllegalArgumentException e) {
            throw strange(e);
        }
    }

    /** Perhaps something else than a gateway answers there. */
    private GatewayException strange(Exception cause) {
        return new GatewayException(strangeness(), cause);
    }

    private String strangeness() {
        String shown = body.substring(0, Math.min(body.length(), LONGEST_SHOWN))
                .strip()
                .replaceAll("\\s+", " ");
        return "what answers at " + gateway + " is not a booking gateway; name one with --url (its answer has status "
                + status + (shown.isEmpty() ? "" : ": " + shown) + ")";
    }
}
