package booking.gateway.engine;

import booking.gateway.follow.Published;
import booking.gateway.follow.Published.Kind;
import booking.schemas.command.CommandType;
import booking.schemas.result.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Counts decisions as they are published, whoever asked for them. For one thread.
 */
public final class DecisionMeters {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String UNKNOWN = "unknown";
    private static final String NONE = "none";
    private static final Set<String> OUTCOMES = Set.of("ACCEPTED", "REJECTED");
    private static final Set<String> REASONS =
            Arrays.stream(Reason.values()).map(Reason::name).collect(Collectors.toUnmodifiableSet());

    private final MeterRegistry registry;
    private final Map<Decision, Counter> counters = new HashMap<>();

    /** One of a bounded number of kinds: what a newer processor may write is counted as unknown. */
    private record Decision(String type, String outcome, String reason) {}

    public DecisionMeters(MeterRegistry registry) {
        this.registry = registry;
        // There from the start, so that the first decision is a step and not a beginning.
        counter(new Decision(CommandType.BOOK.wireName(), "ACCEPTED", NONE));
    }

    /** Counts those that are results. */
    public void count(List<Published> records) {
        for (Published record : records) {
            if (record.kind() == Kind.RESULT) {
                counter(decision(record.value())).increment();
            }
        }
    }

    private Counter counter(Decision decision) {
        return counters.computeIfAbsent(
                decision,
                kind -> Counter.builder("booking.decisions.seen")
                        .description("Decisions read from the topic of results, whoever waits for them")
                        .tag("type", kind.type())
                        .tag("outcome", kind.outcome())
                        .tag("reason", kind.reason())
                        .register(registry));
    }

    private static Decision decision(byte[] result) {
        String type = UNKNOWN;
        String outcome = UNKNOWN;
        String reason = NONE;
        // Reads three fields and builds nothing: every gateway sees every result.
        try (JsonParser json = JSON.createParser(result)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String field = json.currentName();
                    json.nextToken();
                    switch (field) {
                        case "type" -> type = json.getString();
                        case "outcome" -> outcome = json.getString();
                        case "reason" -> reason = json.getString();
                        default -> json.skipChildren();
                    }
                }
            }
        } catch (JacksonException e) {
            outcome = UNKNOWN;
        }
        return new Decision(
                CommandType.fromWireName(type).map(CommandType::wireName).orElse(UNKNOWN),
                OUTCOMES.contains(outcome) ? outcome : UNKNOWN,
                REASONS.contains(reason) || reason.equals(NONE) ? reason : UNKNOWN);
    }
}
