package booking.gateway.http;

import booking.gateway.access.Role;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * One call that the gateway answers.
 *
 * @param path as the OpenAPI file has it, such as {@code /v1/events/{eventId}}
 * @param needs the roles that a caller must have, all of them; where there is none, nobody is asked who they are
 * @param takesBody whether it reads a body, which is JSON then; where it does not, what comes is not looked at
 */
record Endpoint(HttpMethod method, String path, Set<Role> needs, Handler<RoutingContext> handler, boolean takesBody) {
    /** Of a call that is for everybody. */
    static final Set<Role> OPEN = Set.of();

    Endpoint {
        needs = Set.copyOf(needs);
    }

    /** One that looks at path, query and headers only. */
    static Endpoint of(HttpMethod method, String path, Set<Role> needs, Handler<RoutingContext> handler) {
        return new Endpoint(method, path, needs, handler, false);
    }

    /** One that reads a body, too. */
    static Endpoint withBody(HttpMethod method, String path, Set<Role> needs, Handler<RoutingContext> handler) {
        return new Endpoint(method, path, needs, handler, true);
    }

    /** Whether it counts as a call of its caller; those about the gateway itself do not. */
    boolean isCounted() {
        return path.startsWith("/v1/");
    }

    /** The path as the router wants it, such as {@code /v1/events/:eventId}. */
    String route() {
        return path.replaceAll("\\{(\\w+)}", ":$1");
    }
}
