package booking.gateway.engine;

import booking.gateway.follow.Published;
import booking.gateway.follow.Published.Kind;
import booking.schemas.command.CommandType;
import booking.schemas.result.Reason;
import booking.telemetry.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Counts decisions as they are published, whoever asked for them, and how long they took from their command's place in
 * the log. For one thread.
 */
public final class DecisionMeters {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String UNKNOWN = "unknown";
    private static final String NONE = "none";
    private static final Set<String> OUTCOMES = Set.of("ACCEPTED", "REJECTED");
    private static final Set<String> REASONS =
            Arrays.stream(Reason.values()).map(Reason::name).collect(Collectors.toUnmodifiableSet());

    private final MeterRegistry registry;
    private final Clock clock;
    private final Timer ages;
    private final Map<Decision, Counter> counters = new HashMap<>();

    /** One of a bounded number of kinds: what a newer processor may write is counted as unknown. */
    private record Decision(String type, String outcome, String reason) {}

    /** What a result tells of its decision, and the time of the command; nothing when it is an answer given again. */
    private record Told(Decision decision, Optional<Instant> at) {}

    /**
     * Meters in this registry.
     *
     * @param clock to be in step with the brokers', which give commands their time
     */
    public DecisionMeters(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.ages = Timer.builder("booking.decisions.seen.age")
                .description("From the time of a command in the log until its result was read here, first answers only")
                .serviceLevelObjectives(Meters.latencyBuckets())
                .register(registry);
        // There from the start, so that the first decision is a step and not a beginning.
        counter(new Decision(CommandType.BOOK.wireName(), "ACCEPTED", NONE));
    }

    /** Counts those that are results. */
    public void count(List<Published> records) {
        for (Published record : records) {
            if (record.kind() == Kind.RESULT) {
                Told told = read(record);
                counter(told.decision()).increment();
                told.at().ifPresent(this::recordAge);
            }
        }
    }

    private void recordAge(Instant at) {
        // Clocks may differ by a little.
        long millis = Math.max(0, Duration.between(at, clock.instant()).toMillis());
        ages.record(millis, TimeUnit.MILLISECONDS);
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

    private static Told read(Published result) {
        String type = UNKNOWN;
        String outcome = UNKNOWN;
        String reason = NONE;
        String decidedAt = "";
        String position = "";
        // Reads five fields and builds nothing: every gateway sees every result.
        try (JsonParser json = JSON.createParser(result.value())) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String field = json.currentName();
                    json.nextToken();
                    switch (field) {
                        case "type" -> type = json.getString();
                        case "outcome" -> outcome = json.getString();
                        case "reason" -> reason = json.getString();
                        case "decidedAt" -> decidedAt = json.getString();
                        case "position" -> position = position(json);
                        default -> json.skipChildren();
                    }
                }
            }
        } catch (JacksonException e) {
            outcome = UNKNOWN;
        }
        Decision decision = new Decision(
                CommandType.fromWireName(type).map(CommandType::wireName).orElse(UNKNOWN),
                OUTCOMES.contains(outcome) ? outcome : UNKNOWN,
                REASONS.contains(reason) || reason.equals(NONE) ? reason : UNKNOWN);
        // An answer given again names the record that was answered first, which may have been long ago.
        boolean first = !position.isEmpty() && result.source().endsWith(position);
        return new Told(decision, first ? instant(decidedAt) : Optional.empty());
    }

    /** As the source of a result ends: {@code /<partition>/<offset>}. */
    private static String position(JsonParser json) {
        String partition = "";
        String offset = "";
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "partition" -> partition = json.getString();
                case "offset" -> offset = json.getString();
                default -> json.skipChildren();
            }
        }
        return "/" + partition + "/" + offset;
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
