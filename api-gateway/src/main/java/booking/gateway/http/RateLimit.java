package booking.gateway.http;

import booking.gateway.limit.Allowance;
import booking.gateway.limit.Allowances;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/**
 * Lets each caller make so many calls in a window, and says with every answer how many are left, in the header fields of
 * draft-ietf-httpapi-ratelimit-headers.
 */
final class RateLimit {
    private static final String POLICY = "\"default\"";
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Optional<Allowances> allowances;
    private final ClientAddress addresses;
    private final String policy;
    private final String inWords;
    private final Counter refused;

    RateLimit(RateLimitSettings settings, MeterRegistry meters) {
        this.allowances = settings.calls() == 0
                ? Optional.empty()
                : Optional.of(new Allowances(settings.calls(), settings.window()));
        this.addresses = new ClientAddress(settings);
        long seconds = seconds(settings.window());
        this.policy = POLICY + ";q=" + settings.calls() + ";w=" + seconds;
        this.inWords = settings.calls() + " calls in " + seconds + " s";
        this.refused = Counter.builder("booking.http.rate.limited")
                .description("Calls refused because their caller made too many")
                .register(meters);
    }

    /**
     * Refuses a call from where so many have failed to say who they are that no more need be checked. Checking takes time
     * that others wait for.
     */
    void requireFewFailures(RoutingContext call) {
        if (allowances.isEmpty()) {
            return;
        }
        Duration wait = allowances.get().untilNext(failures(call));
        if (!wait.isZero()) {
            throw refusal(wait);
        }
    }

    /** Counts a call whose caller could not say who it is. */
    void failed(RoutingContext call) {
        allowances.ifPresent(all -> all.take(failures(call)));
    }

    /** Goes on when the caller, who has been let in, may make this call. */
    void count(RoutingContext call) {
        if (allowances.isEmpty()) {
            call.next();
            return;
        }
        Allowance allowance = allowances.get().take(caller(call));
        call.response()
                .putHeader("RateLimit-Policy", policy)
                .putHeader(
                        "RateLimit", POLICY + ";r=" + allowance.remaining() + ";t=" + seconds(allowance.untilFull()));
        if (!allowance.granted()) {
            throw refusal(allowance.untilNext());
        }
        call.next();
    }

    /** Counts one more call of this caller, within one; gives zero then, or how long until it may be made. */
    Duration take(RoutingContext call) {
        if (allowances.isEmpty()) {
            return Duration.ZERO;
        }
        Allowance allowance = allowances.get().take(caller(call));
        return allowance.granted() ? Duration.ZERO : allowance.untilNext().plusNanos(1);
    }

    /** Says that a caller has its share of something. */
    static RequestRefused shareIsTaken(int most, String what, int retrySeconds) {
        return new RequestRefused(Problem.of(
                        ProblemCode.TOO_MANY_AT_ONCE, "a caller may have " + most + " " + what + "; nothing was done")
                .retryAfterSeconds(retrySeconds));
    }

    /** Says when to come back. */
    RequestRefused refusal(Duration untilNext) {
        refused.increment();
        int wait = Math.toIntExact(Math.max(1, seconds(untilNext)));
        return new RequestRefused(
                Problem.of(ProblemCode.RATE_LIMITED, "a caller may make " + inWords + "; nothing was done")
                        .withHeader("RateLimit-Policy", policy)
                        .retryAfterSeconds(wait));
    }

    /** Who calls; where nobody is asked, from where. */
    String caller(RoutingContext call) {
        return Gate.caller(call).name().orElseGet(() -> "address:" + address(call));
    }

    private String failures(RoutingContext call) {
        return "failures:" + address(call);
    }

    private String address(RoutingContext call) {
        return addresses.of(
                call.request().remoteAddress().hostAddress(),
                call.request().headers().getAll(addresses.header()));
    }

    /** In full seconds, and rather too many than too few. */
    private static long seconds(Duration duration) {
        return -Math.floorDiv(-duration.toNanos(), NANOS_PER_SECOND);
    }
}
