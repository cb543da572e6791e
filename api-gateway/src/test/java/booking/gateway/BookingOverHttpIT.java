package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** From the request to its answer, with the real processor behind the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BookingOverHttpIT {
    private BookingOffice office;
    private Client client;

    @BeforeAll
    void open() {
        office = BookingOffice.open();
        client = office.client();
    }

    @AfterAll
    void close() {
        office.close();
    }

    @Test
    void anEventIsMadeAndCanBeLookedAt() {
        String eventId = "e-" + UUID.randomUUID();

        Reply made = client.post("/v1/events", """
                {"eventId":"%s","name":"Ein Abend mit Bäch","date":"2027-05-01T22:00:00+02:00","venue":"%s","capacity":3}
                """.formatted(eventId, eventId));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).contains("/v1/events/" + eventId);
        assertThat(made.at("/outcome")).isEqualTo("ACCEPTED");
        assertThat(made.header("Command-Id")).contains(made.at("/commandId"));
        Reply event = client.get("/v1/events/" + eventId);
        assertThat(event.status()).isEqualTo(200);
        assertThat(event.header("ETag")).contains("\"1\"");
        assertThat(event.at("/name")).isEqualTo("Ein Abend mit Bäch");
        assertThat(event.at("/date")).isEqualTo("2027-05-01T20:00:00Z");
        assertThat(event.at("/event/available")).isEqualTo("3");
    }

    @Test
    void anEventWithoutAnIdGetsOneAndTheSameWhenTheRequestIsRepeated() {
        String key = UUID.randomUUID().toString();
        String body = "{\"name\":\"A\",\"date\":\"2027-05-01T20:00:00Z\",\"venue\":\"" + key + "\"}";

        Reply made = client.post("/v1/events", body, "Idempotency-Key", key);
        Reply again = client.post("/v1/events", body, "Idempotency-Key", key);

        assertThat(made.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text()).isEqualTo(made.text());
        assertThat(client.get(made.header("Location").orElseThrow()).status()).isEqualTo(200);
    }

    @Test
    void whatFollowsARequestThatEndsItsConnectionIsNotCarriedOut() throws IOException {
        String eventId = office.event(10);
        String bookings = "/v1/events/" + eventId + "/bookings";
        String body = "{\"userId\":\"mallory\"}";
        String booking = "POST " + bookings + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        for (String refused : List.of("CONNECT localhost:80", "OPTIONS *", "GET nowhere", "GET /%zz")) {
            try (RawConnection connection = new RawConnection(office.port())) {
                connection.send(refused + " HTTP/1.1\r\nHost: localhost\r\n\r\n" + booking);
                assertThat(connection.untilClosed()).containsOnlyOnce("HTTP/1.1 ");
            }
        }

        // Whatever had been sent for this event would stand before it in its line.
        assertThat(client.post(bookings, "{\"userId\":\"alice\"}").status()).isEqualTo(201);
        assertThat(client.get("/v1/events/" + eventId).at("/event/confirmed")).isEqualTo("1");
    }

    @Test
    void aPlaceIsBookedOnce() {
        String eventId = office.event(1);

        Reply alice = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}");
        Reply bob = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"bob\"}");

        assertThat(alice.status()).isEqualTo(201);
        assertThat(alice.header("Content-Type")).contains("application/json");
        assertThat(alice.at("/bookingId")).isEqualTo(alice.at("/commandId"));
        assertThat(bob.status()).isEqualTo(409);
        assertThat(bob.header("Content-Type")).contains("application/problem+json");
        assertThat(bob.at("/reason")).isEqualTo("ALREADY_BOOKED");
        assertThat(bob.at("/type")).endsWith("ALREADY_BOOKED");
        assertThat(bob.at("/result/outcome")).isEqualTo("REJECTED");
        assertThat(bob.at("/commandId")).isEqualTo(bob.at("/result/commandId"));
        Reply booking = client.get(alice.header("Location").orElseThrow());
        assertThat(booking.at("/userId")).isEqualTo("alice");
        assertThat(booking.at("/status")).isEqualTo("CONFIRMED");
        assertThat(client.get("/v1/events/" + eventId).at("/isBooked")).isEqualTo("true");
    }

    @Test
    void theSameKeyGetsTheSameAnswerAndWithOtherContent422() {
        String eventId = office.event(10);
        String path = "/v1/events/" + eventId + "/bookings";
        String key = "order number " + UUID.randomUUID() + " with some text";

        Reply first = client.post(path, "{\"userId\":\"alice\"}", "Idempotency-Key", key);
        Reply again = client.post(path, "{\"quantity\":1,\"userId\":\"alice\"}", "Idempotency-Key", key);
        Reply other = client.post(path, "{\"userId\":\"mallory\"}", "Idempotency-Key", key);

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.at("/reason")).isEqualTo("COMMAND_ID_REUSED");
        assertThat(client.get("/v1/events/" + eventId).at("/event/confirmed")).isEqualTo("1");
    }

    @Test
    void aHundredIdenticalRequestsAtOnceGetOneBookingAndAHundredEqualAnswers() {
        String eventId = office.event(1);
        String key = UUID.randomUUID().toString();

        List<CompletableFuture<Reply>> requests = IntStream.range(0, 100)
                .mapToObj(i -> client.postAsync(
                        "/v1/events/" + eventId + "/bookings",
                        "{\"userId\":\"alice\"}",
                        "Idempotency-Key",
                        key,
                        "Prefer",
                        "wait=30"))
                .toList();

        Set<String> bodies = new HashSet<>();
        for (CompletableFuture<Reply> request : requests) {
            assertThat(request.join().status()).isEqualTo(201);
            bodies.add(request.join().text());
        }
        assertThat(bodies).hasSize(1);
        assertThat(bookings(eventId)).isEqualTo(1);
    }

    @Test
    void onePlaceAndAThousandUsersAtOnceMakesOneBookingAndTellsAllOthers() {
        String eventId = office.event(1);

        List<CompletableFuture<Reply>> requests = IntStream.range(0, 1_000)
                .mapToObj(user -> client.postAsync(
                        "/v1/events/" + eventId + "/bookings", "{\"userId\":\"u" + user + "\"}", "Prefer", "wait=30"))
                .toList();

        List<Integer> statuses = new ArrayList<>();
        requests.forEach(request -> statuses.add(request.join().status()));
        assertThat(statuses.stream().filter(status -> status == 201)).hasSize(1);
        assertThat(statuses.stream().filter(status -> status == 409)).hasSize(999);
        assertThat(bookings(eventId)).isEqualTo(1);
    }

    @Test
    void aBookingIsCancelledOnceAndItsSeatsAreFreeAgain() {
        String eventId = office.event(1);
        String booking = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}")
                .header("Location")
                .orElseThrow();
        String key = UUID.randomUUID().toString();

        Reply notHers = client.delete(booking + "?userId=bob");
        Reply cancelled = client.delete(booking + "?userId=alice", "Idempotency-Key", key);
        Reply repeated = client.delete(booking + "?userId=alice", "Idempotency-Key", key);
        Reply twice = client.delete(booking);

        assertThat(notHers.status()).isEqualTo(403);
        assertThat(notHers.at("/reason")).isEqualTo("NOT_THE_OWNER");
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.at("/status")).isEqualTo("CANCELLED");
        assertThat(repeated.status()).isEqualTo(200);
        assertThat(repeated.text()).isEqualTo(cancelled.text());
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.at("/reason")).isEqualTo("BOOKING_CANCELLED");
        assertThat(client.get(booking).at("/status")).isEqualTo("CANCELLED");
        assertThat(client.get("/v1/events/" + eventId).at("/event/available")).isEqualTo("1");
    }

    @Test
    void aWriteThatExpectsAnotherVersionIsRefused() {
        String eventId = office.event(5);
        String path = "/v1/events/" + eventId + "/bookings";
        String eTag = client.get("/v1/events/" + eventId).header("ETag").orElseThrow();

        Reply seen = client.post(path, "{\"userId\":\"alice\"}", "If-Match", eTag);
        Reply stale = client.post(path, "{\"userId\":\"bob\"}", "If-Match", eTag);
        Reply any = client.post(path, "{\"userId\":\"carol\"}", "If-Match", "*");

        assertThat(seen.status()).isEqualTo(201);
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.at("/reason")).isEqualTo("VERSION_CONFLICT");
        assertThat(any.status()).isEqualTo(201);
    }

    @Test
    void whatIsNotThereIs404() {
        String eventId = office.event(1);
        UUID unknown = UUID.randomUUID();

        Reply noEvent = client.post("/v1/events/nowhere-" + unknown + "/bookings", "{\"userId\":\"alice\"}");
        Reply noBooking = client.delete("/v1/events/" + eventId + "/bookings/" + unknown);

        assertThat(noEvent.status()).isEqualTo(404);
        assertThat(noEvent.at("/reason")).isEqualTo("EVENT_NOT_FOUND");
        assertThat(noBooking.status()).isEqualTo(404);
        assertThat(noBooking.at("/reason")).isEqualTo("BOOKING_NOT_FOUND");
        assertThat(client.get("/v1/events/nowhere-" + unknown).at("/reason")).isEqualTo("EVENT_NOT_FOUND");
        assertThat(client.get("/v1/events/" + eventId + "/bookings/" + unknown).at("/reason"))
                .isEqualTo("BOOKING_NOT_FOUND");
        assertThat(client.get("/v1/events/%00").at("/reason")).isEqualTo("EVENT_NOT_FOUND");
        assertThat(client.get("/v1/commands/" + unknown).at("/reason")).isEqualTo("COMMAND_NOT_FOUND");
    }

    @Test
    void eventsAreListedPageByPage() {
        Set<String> made = new HashSet<>();
        IntStream.range(0, 5).forEach(i -> made.add(office.event(1)));

        List<String> seen = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = client.get("/v1/events?limit=2&after=" + after).json();
            page.get("events").forEach(event -> seen.add(event.get("eventId").asString()));
            after = page.path("after").asString("");
        } while (!after.isEmpty());

        assertThat(seen).doesNotHaveDuplicates().containsAll(made);
        assertThat(seen).isEqualTo(allEventIds());
    }

    @Test
    void aDecidedCommandCanBeAskedForWithAndWithoutItsPosition() {
        String eventId = office.event(1);
        Reply taken = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}");
        Reply refused = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"bob\"}");

        Reply accepted = client.get("/v1/commands/" + taken.at("/commandId"));
        Reply rejected = client.get("/v1/commands/" + refused.at("/commandId") + "?at="
                + refused.at("/result/position/partition") + "-" + refused.at("/result/position/offset"));

        assertThat(accepted.at("/status")).isEqualTo("ACCEPTED");
        assertThat(accepted.json().get("result")).isEqualTo(taken.json());
        assertThat(rejected.at("/status")).isEqualTo("REJECTED");
        assertThat(rejected.json().get("result")).isEqualTo(refused.json().get("result"));
    }

    @Test
    void whoDoesNotWaitFindsTheOutcomeLater() {
        String eventId = office.event(1);

        Reply taken =
                client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}", "Prefer", "respond-async");

        assertThat(taken.status()).isEqualTo(202);
        assertThat(taken.header("Preference-Applied")).contains("respond-async");
        String location = taken.header("Location").orElseThrow();
        Awaitility.await()
                .atMost(BookingOffice.PATIENCE)
                .until(() -> client.get(location).at("/status").equals("ACCEPTED"));
    }

    private long bookings(String eventId) {
        return office.sql()
                .sql("SELECT count(*) FROM bookings WHERE event_id = ?")
                .param(eventId)
                .query(Long.class)
                .single();
    }

    private List<String> allEventIds() {
        return office.sql()
                .sql("SELECT id FROM events ORDER BY id")
                .query(String.class)
                .list();
    }
}
