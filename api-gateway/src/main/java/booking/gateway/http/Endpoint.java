package booking.gateway.http;

import booking.gateway.access.Role;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One call that the gateway answers.
 *
 * @param path as the OpenAPI file has it, such as {@code /v1/events/{eventId}}
 * @param needs the roles that a caller must have, all of them; where there is none, nobody is asked who they are
 * @param body what it reads of a body
 */
record Endpoint(HttpMethod method, String path, Set<Role> needs, Handler<RoutingContext> handler, Body body) {
    /** What a call reads of a body. */
    enum Body {
        /** Nothing; what comes is not looked at. */
        NONE,
        /** One JSON value, as a whole. */
        JSON,
        /** JSON values, a line each, as they come. */
        LINES
    }

    /** Of a call that is for everybody. */
    static final Set<Role> OPEN = Set.of();

    Endpoint {
        needs = Set.copyOf(needs);
    }

    /** One that looks at path, query and headers only. */
    static Endpoint of(HttpMethod method, String path, Set<Role> needs, Handler<RoutingContext> handler) {
        return new Endpoint(method, path, needs, handler, Body.NONE);
    }

    /** One that reads a body, too. */
    static Endpoint withBody(HttpMethod method, String path, Set<Role> needs, Handler<RoutingContext> handler) {
        return new Endpoint(method, path, needs, handler, Body.JSON);
    }

    /** One that reads lines, however many come. */
    static Endpoint withLines(HttpMethod method, String path, Set<Role> needs, Handler<RoutingContext> handler) {
        return new Endpoint(method, path, needs, handler, Body.LINES);
    }

    /** Whether it counts as a call of its caller; those about the gateway itself do not. */
    boolean isCounted() {
        return path.startsWith("/v1/");
    }

    /** The path as the router wants it, such as {@code /v1/events/:eventId}. */
    String route() {
        return path.replaceAll("\\{(\\w+)}", ":$1");
    }

    /** A new route of the router for this path. */
    Route on(Router router) {
        // A colon of the path's own would be taken for the name of a parameter.
        return path.contains(":") ? router.routeWithRegex(Pattern.quote(path)).setName(path) : router.route(route());
    }

    /** A new route of the router for this call; what can be read can also be asked about with HEAD (RFC 9110, section 9.3.2). */
    Route callOn(Router router) {
        Route route = on(router);
        methods().forEach(route::method);
        return route;
    }

    /** The methods that it takes. */
    List<HttpMethod> methods() {
        return method.equals(HttpMethod.GET) ? List.of(HttpMethod.GET, HttpMethod.HEAD) : List.of(method);
    }
}
