package booking.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * One call that the gateway answers.
 *
 * @param path as the OpenAPI file has it, such as {@code /v1/events/{eventId}}
 */
record Endpoint(HttpMethod method, String path, Handler<RoutingContext> handler) {

    /** The path as the router wants it, such as {@code /v1/events/:eventId}. */
    String route() {
        return path.replaceAll("\\{(\\w+)}", ":$1");
    }

    boolean takesBody() {
        return method.equals(HttpMethod.POST);
    }
}
