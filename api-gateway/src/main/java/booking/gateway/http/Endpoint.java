package booking.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * One call that the gateway answers.
 *
 * @param path as the OpenAPI file has it, such as {@code /v1/events/{eventId}}
 * @param takesBody whether it reads a body, which is JSON then; where it does not, what comes is not looked at
 */
record Endpoint(HttpMethod method, String path, Handler<RoutingContext> handler, boolean takesBody) {

    /** One that looks at path, query and headers only. */
    static Endpoint of(HttpMethod method, String path, Handler<RoutingContext> handler) {
        return new Endpoint(method, path, handler, false);
    }

    /** One that reads a body, too. */
    static Endpoint withBody(HttpMethod method, String path, Handler<RoutingContext> handler) {
        return new Endpoint(method, path, handler, true);
    }

    /** The path as the router wants it, such as {@code /v1/events/:eventId}. */
    String route() {
        return path.replaceAll("\\{(\\w+)}", ":$1");
    }
}
