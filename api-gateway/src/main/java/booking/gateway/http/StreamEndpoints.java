package booking.gateway.http;

import booking.gateway.http.LiveStream.Selection;
import booking.gateway.read.ReadPool;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** The calls that are answered for as long as their readers stay. */
final class StreamEndpoints {
    private final LiveStreams streams;
    private final ReadPool reads;
    private final Gate gate;
    private final RateLimit limit;

    StreamEndpoints(LiveStreams streams, ReadPool reads, Gate gate, RateLimit limit) {
        this.streams = streams;
        this.reads = reads;
        this.gate = gate;
        this.limit = limit;
    }

    List<Endpoint> all() {
        return List.of(
                Endpoint.of(HttpMethod.GET, "/v1/stream", ReadEndpoints.READ, call -> open(call, Optional.empty())),
                Endpoint.of(HttpMethod.GET, "/v1/events/{eventId}/stream", ReadEndpoints.READ, this::ofEvent));
    }

    private void ofEvent(RoutingContext call) {
        String eventId = call.pathParam("eventId");
        ReadEndpoints.answer(call, reads.read(tables -> tables.event(eventId)), found -> {
            if (found.isEmpty()) {
                throw ReadEndpoints.noSuchEvent();
            }
            open(call, Optional.of(eventId));
        });
    }

    /** Results say who booked, so they are for those only who may see that. */
    private void open(RoutingContext call, Optional<String> eventId) {
        streams.open(
                call,
                new Selection(eventId, Gate.caller(call).mayActForOthers()),
                () -> limit.caller(call),
                () -> gate.mayGoOn(call));
    }
}
