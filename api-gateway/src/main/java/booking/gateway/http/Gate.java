package booking.gateway.http;

import booking.gateway.access.Caller;
import booking.gateway.access.Callers;
import booking.gateway.access.CannotCheckException;
import booking.gateway.access.NotAuthenticatedException;
import booking.gateway.access.Role;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lets in who may do what is asked for, before anything of the body is read. All calls go through it. */
final class Gate {
    private static final String CALLER = "caller";
    private static final int RETRY_SECONDS = 5;
    /** For so long somebody who has been let in is taken for the same while a call goes on. */
    static final Duration CALLER_KNOWN_FOR = Duration.ofSeconds(5);
    // RFC 6750, section 2.1; the name of a scheme may be written either way (RFC 9110, section 11.1).
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9\\-._~+/]+=*)");

    private final Callers callers;
    private final RateLimit limit;
    /** Looked at where nobody is asked who they are, unless that is open to all the world. */
    private final Optional<AllowedHosts> hosts;

    Gate(Callers callers, RateLimit limit, List<String> allowedHosts) {
        this.callers = callers;
        this.limit = limit;
        this.hosts = callers.areOfThisMachine() || !allowedHosts.isEmpty()
                ? Optional.of(new AllowedHosts(allowedHosts))
                : Optional.empty();
    }

    /** Goes on when the caller has all these roles. */
    void pass(RoutingContext call, Set<Role> needed) {
        if (needed.isEmpty() || callers.areOpen()) {
            if (!needed.isEmpty()) {
                hosts.ifPresent(allowed -> allowed.require(call.request()));
            }
            enter(call, Caller.ANYBODY, needed);
            return;
        }
        String credential = credential(call);
        Optional<Caller> known = callers.known(credential);
        if (known.isPresent()) {
            enter(call, known.get(), needed);
            return;
        }
        limit.requireFewFailures(call);
        // Nothing of the body may go by while this takes its time.
        call.request().pause();
        Context context = call.vertx().getOrCreateContext();
        callers.verify(credential)
                .whenComplete((caller, failure) -> context.runOnContext(now -> {
                    call.request().resume();
                    if (failure != null) {
                        call.fail(refusal(call, failure));
                        return;
                    }
                    try {
                        enter(call, caller, needed);
                    } catch (RuntimeException e) {
                        call.fail(e);
                    }
                }));
    }

    /** Who has been let in. */
    static Caller caller(RoutingContext call) {
        Caller caller = call.get(CALLER);
        if (caller == null) {
            throw new IllegalStateException("nobody has been let in");
        }
        return caller;
    }

    /** Refuses a caller who may not act for this user. */
    static void requireMayActFor(RoutingContext call, Optional<String> userId) {
        requireMayActFor(caller(call), userId);
    }

    /** Refuses a caller who may not act for this user. */
    static void requireMayActFor(Caller caller, Optional<String> userId) {
        boolean may = userId.map(caller::mayActFor).orElseGet(caller::mayActForOthers);
        if (!may) {
            throw forbidden("this is somebody else's, and takes the role " + Role.ACT_FOR_OTHERS.written());
        }
    }

    /** For the user that the caller is, unless it says another one and may. */
    static CommandForm forCallersUser(Caller caller, CommandForm form) {
        Optional<String> said = form.text("userId");
        if (said.isPresent() && !caller.mayActFor(said.get())) {
            throw forbidden(
                    "userId must be your own; acting for others takes the role " + Role.ACT_FOR_OTHERS.written());
        }
        if (!form.has("userId")) {
            caller.userId().ifPresent(userId -> form.with("userId", userId));
        }
        return form;
    }

    /** Who calls, asked anew: while a call goes on its key may be taken back, or its token end. */
    CompletionStage<Caller> again(RoutingContext call) {
        if (callers.areOpen()) {
            return CompletableFuture.completedFuture(Caller.ANYBODY);
        }
        String credential = credential(call);
        return callers.known(credential)
                .<CompletionStage<Caller>>map(CompletableFuture::completedFuture)
                .orElseGet(() -> callers.verify(credential));
    }

    /** Whether a call that has been let in may go on as it is; also when that cannot be found out now. */
    CompletionStage<Boolean> mayGoOn(RoutingContext call) {
        Caller before = caller(call);
        return again(call)
                .handle((now, failure) ->
                        failure == null ? now.equals(before) : !(cause(failure) instanceof NotAuthenticatedException));
    }

    static RequestRefused forbidden(String detail) {
        return new RequestRefused(ProblemCode.FORBIDDEN, detail);
    }

    private static void enter(RoutingContext call, Caller caller, Set<Role> needed) {
        if (!caller.has(needed)) {
            throw forbidden((needed.size() == 1 ? "this takes the role " : "this takes the roles ")
                    + needed.stream().sorted().map(Role::written).collect(Collectors.joining(", ")));
        }
        call.put(CALLER, caller);
        call.next();
    }

    private static String credential(RoutingContext call) {
        List<String> headers = call.request().headers().getAll(HttpHeaders.AUTHORIZATION);
        if (headers.isEmpty()) {
            throw new RequestRefused(notAuthenticated("send an API key or a token as Authorization: Bearer …", ""));
        }
        Matcher bearer = BEARER.matcher(headers.get(0));
        if (headers.size() > 1 || !bearer.matches()) {
            throw new RequestRefused(notAuthenticated(
                    "Authorization must be given once, as: Bearer, and an API key or a token",
                    ", error=\"invalid_request\""));
        }
        return bearer.group(1);
    }

    /** What a call is told whose caller could not be made out. */
    Throwable refusal(RoutingContext call, Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof NotAuthenticatedException) {
            limit.failed(call);
            return new RequestRefused(
                    notAuthenticated(String.valueOf(cause.getMessage()), ", error=\"invalid_token\""));
        }
        if (cause instanceof CannotCheckException) {
            return new RequestRefused(Problem.of(ProblemCode.IDENTITY_UNAVAILABLE, String.valueOf(cause.getMessage()))
                    .retryAfterSeconds(RETRY_SECONDS));
        }
        return cause;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static Problem notAuthenticated(String detail, String error) {
        return Problem.of(ProblemCode.NOT_AUTHENTICATED, detail)
                .withHeader("WWW-Authenticate", "Bearer realm=\"booking\"" + error);
    }
}
