package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A sale with its window, its holds, its limit and its line, as clients see it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WholeSaleOverHttpIT {
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
    void aSaleGoesFromItsOpeningToItsEnd() {
        String event = "/v1/events/" + office.event(2);
        String line = event + "/waitlist";
        String alice = user("alice");
        String bob = user("bob");
        String carol = user("carol");
        String dave = user("dave");

        // Sales have not begun; then they have, with one seat for each.
        done(client.patch(event, "{\"salesOpenAt\":\"2099-01-01T00:00:00Z\",\"perUserLimit\":1}"));
        refused(409, "SALES_NOT_OPEN", hold(event, alice, 600));
        done(client.patch(
                event, "{\"salesOpenAt\":\"2026-01-01T00:00:00Z\",\"salesCloseAt\":\"2099-01-01T00:00:00Z\"}"));
        assertThat(client.get(event).at("/perUserLimit")).isEqualTo("1");

        // Alice holds a seat and pays.
        Reply held = hold(event, alice, 600);
        assertThat(held.status()).isEqualTo(201);
        assertThat(held.at("/status")).isEqualTo("HELD");
        String hers = held.header("Location").orElseThrow();
        assertThat(client.get(hers).at("/holdExpiresAt")).isEqualTo(held.at("/holdExpiresAt"));
        refused(409, "USER_LIMIT_REACHED", hold(event, alice, 600));
        assertThat(client.get(event).at("/event/held")).isEqualTo("1");
        assertThat(done(client.post(hers + "/confirmation")).at("/status")).isEqualTo("CONFIRMED");
        assertThat(client.get(hers).at("/status")).isEqualTo("CONFIRMED");
        assertThat(client.get(hers).json().has("holdExpiresAt")).isFalse();
        refused(409, "ALREADY_CONFIRMED", client.post(hers + "/confirmation"));

        // Bob holds the other and lets it go.
        String his = hold(event, bob, 1).header("Location").orElseThrow();
        await(his, "EXPIRED");
        assertThat(client.get(his).json().has("holdExpiresAt")).isFalse();
        refused(409, "HOLD_EXPIRED", client.post(his + "/confirmation"));

        // Carol gets it. Dave waits, and is offered the seat that Alice gives back.
        assertThat(book(event, carol).status()).isEqualTo(201);
        refused(409, "SOLD_OUT", book(event, dave));
        assertThat(done(join(line, dave)).at("/waitlistPosition")).isEqualTo("1");
        refused(409, "ALREADY_ON_WAITLIST", join(line, dave));
        assertThat(done(join(line, bob)).at("/waitlistPosition")).isEqualTo("2");
        done(client.delete(line + "?userId=" + bob));
        refused(409, "NOT_ON_WAITLIST", client.delete(line + "?userId=" + bob));
        done(client.delete(hers));
        Awaitility.await("an offer to Dave")
                .atMost(BookingOffice.PATIENCE)
                .until(() -> bookingsOf(dave, "").size() == 1);
        JsonNode offer = bookingsOf(dave, "").get(0);
        assertThat(offer.get("status").asString()).isEqualTo("HELD");
        assertThat(offer.has("holdExpiresAt")).isTrue();
        String offered = event + "/bookings/" + offer.get("bookingId").asString();
        assertThat(done(client.post(offered + "/confirmation")).at("/userId")).isEqualTo(dave);

        // All is sold, and that is the end.
        refused(409, "CAPACITY_BELOW_TAKEN", client.patch(event, "{\"capacity\":1}"));
        done(client.post(event + "/closure"));
        assertThat(client.get(event).at("/status")).isEqualTo("CLOSED");
        refused(409, "EVENT_CLOSED", client.post(event + "/closure"));
        refused(409, "EVENT_CLOSED", book(event, user("erin")));
        assertThat(statuses(event)).containsExactlyInAnyOrder("CANCELLED", "EXPIRED", "CONFIRMED", "CONFIRMED");
    }

    @Test
    void salesThatAreOverTakeNobody() {
        String event = "/v1/events/" + office.event(1);
        done(client.patch(event, "{\"salesCloseAt\":\"2026-01-01T00:00:00Z\"}"));

        refused(409, "SALES_CLOSED", book(event, "alice"));
    }

    @Test
    void nobodyWaitsWhereSeatsAreFree() {
        refused(409, "SEATS_AVAILABLE", join("/v1/events/" + office.event(1) + "/waitlist", "alice"));
    }

    @Test
    void anUpdateHasToKnowWhatItChanges() {
        String event = "/v1/events/" + office.event(1);
        String eTag = client.get(event).header("ETag").orElseThrow();

        Reply seen = client.patch(event, "{\"name\":\"Bäch 二\"}", "If-Match", eTag);
        Reply stale = client.patch(event, "{\"name\":\"Brahms\"}", "If-Match", eTag);

        done(seen);
        refused(412, "VERSION_CONFLICT", stale);
        assertThat(client.get(event).at("/name")).isEqualTo("Bäch 二");
    }

    @Test
    void everyWriteCanBeRepeatedUnderItsKey() {
        String event = "/v1/events/" + office.event(1);
        String key = UUID.randomUUID().toString();

        Reply held =
                client.post(event + "/bookings", "{\"userId\":\"alice\",\"holdSeconds\":600}", "Idempotency-Key", key);
        Reply again =
                client.post(event + "/bookings", "{\"userId\":\"alice\",\"holdSeconds\":600}", "Idempotency-Key", key);
        Reply booked = client.post(event + "/bookings", "{\"userId\":\"alice\"}", "Idempotency-Key", key);

        assertThat(held.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text()).isEqualTo(held.text());
        refused(422, "COMMAND_ID_REUSED", booked);
    }

    @Test
    void whatIsTheProcessorsOwnIsIgnored() {
        Reply held = client.post(
                "/v1/events/" + office.event(1) + "/bookings",
                "{\"userId\":\"mallory\",\"holdSeconds\":60,\"waitlistId\":\"" + UUID.randomUUID() + "\"}");

        assertThat(held.status()).as(held.text()).isEqualTo(201);
    }

    @Test
    void bookingsOfAnEventAreListedPageByPage() {
        String event = "/v1/events/" + office.event(10);
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(book(event, "u" + i).at("/bookingId"));
        }

        // Ids made by the gateway sort as they were made.
        assertThat(pages(event + "/bookings", 2)).isEqualTo(made);
        assertThat(pages(event + "/bookings", 5)).isEqualTo(made);
        assertThat(pages(event + "/bookings", 1_000)).isEqualTo(made);
    }

    @Test
    void bookingsOfAUserAreListedPageByPageOverAllEvents() {
        String user = user("alice");
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(book("/v1/events/" + office.event(1), user).at("/bookingId"));
        }

        assertThat(pages("/v1/users/" + user + "/bookings", 2)).isEqualTo(made);
    }

    @Test
    void eventsAreFoundByWhatTheirIdNameOrVenueContainsAndNothingElseIs() {
        String mark = UUID.randomUUID().toString();
        named("a-" + mark, "Some concert", "v-" + mark);
        named("b-" + UUID.randomUUID(), "100% " + mark.toUpperCase(Locale.ROOT), "w-" + mark + "_1");
        named("c-" + UUID.randomUUID(), "Matinee", "x-" + mark + "-1");
        named("d-" + UUID.randomUUID(), "Nothing of it", "y-" + UUID.randomUUID());

        assertThat(names("q=" + mark))
                .containsExactly("Some concert", "100% " + mark.toUpperCase(Locale.ROOT), "Matinee");
        assertThat(names("q=100%25+" + mark)).hasSize(1);
        assertThat(names("q=" + mark + "_1"))
                .as("_ is no wildcard")
                .containsExactly("100% " + mark.toUpperCase(Locale.ROOT));
        assertThat(names("q=" + mark + "%25")).as("% is none either").isEmpty();
        assertThat(names("q=" + mark + "%5C")).isEmpty();
        assertThat(names("q=" + mark + "%00")).isEmpty();
        Reply first = client.get("/v1/events?limit=2&q=" + mark);
        assertThat(names("limit=2&after=" + first.at("/after") + "&q=" + mark)).containsExactly("Matinee");
        assertThat(client.get("/v1/events?q=" + "x".repeat(256)).status()).isEqualTo(400);
    }

    private void named(String eventId, String name, String venue) {
        assertThat(client.post("/v1/events", """
                        {"eventId":"%s","name":"%s","date":"2027-05-01T20:00:00Z","venue":"%s"}
                        """.formatted(eventId, name, venue))
                        .status())
                .isEqualTo(201);
    }

    private List<String> names(String query) {
        Reply page = client.get("/v1/events?" + query);
        assertThat(page.status()).isEqualTo(200);
        return StreamSupport.stream(page.json().get("events").spliterator(), false)
                .map(event -> event.get("name").asString())
                .toList();
    }

    @Test
    void aUserSeesEveryPlaceInLineAndItMovesUp() {
        String full = "/v1/events/" + office.event(1);
        String other = "/v1/events/" + office.event(1);
        String first = user("first");
        String second = user("second");
        book(full, user("owner"));
        book(other, user("owner"));
        done(join(full + "/waitlist", first));
        done(join(full + "/waitlist", second));
        done(join(other + "/waitlist", second));

        assertThat(places(second)).containsExactly(2, 1);
        done(client.delete(full + "/waitlist?userId=" + first));
        assertThat(places(second)).containsExactly(1, 1);
        assertThat(places(first)).isEmpty();
    }

    private List<Integer> places(String user) {
        return StreamSupport.stream(
                        client.get("/v1/users/" + user + "/waitlist")
                                .json()
                                .get("entries")
                                .spliterator(),
                        false)
                .map(entry -> entry.get("waitlistPosition").asInt())
                .toList();
    }

    @Test
    void theFirstOfAllIdsIsOnTheFirstPage() {
        String event = "/v1/events/" + office.event(1);
        UUID first = new UUID(0, 0);
        client.post(event + "/bookings", "{\"userId\":\"alice\"}", "Idempotency-Key", first.toString());

        assertThat(pages(event + "/bookings", 1)).containsExactly(first.toString());
    }

    @Test
    void anEventWithoutBookingsHasAnEmptyListAndNoEventHasNone() {
        Reply empty = client.get("/v1/events/" + office.event(1) + "/bookings");

        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.text()).isEqualTo("{\"bookings\":[]}");
        refused(404, "EVENT_NOT_FOUND", client.get("/v1/events/nowhere/bookings"));
        refused(404, "EVENT_NOT_FOUND", client.get("/v1/events/%00/bookings"));
        assertThat(client.get("/v1/users/" + user("nobody") + "/bookings").text())
                .isEqualTo("{\"bookings\":[]}");
        assertThat(client.get("/v1/users/%00/bookings").text()).isEqualTo("{\"bookings\":[]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Zoë & co/1+1?",
                "a/b/bookings",
                "予約 太郎",
                "אורח",
                "ضيف",
                "👩‍🎤",
                "100%",
                "%2F",
                "+",
                "a+b c",
                "..a",
                ";v=1",
                ":id",
                "e\u0301",
                "\u00e9",
                "\uffff",
                "Å\u200d#"
            })
    void usersMayHaveAnyName(String name) {
        String user = user(name);
        String event = "/v1/events/" + office.event(1);
        Reply booked = client.post(event + "/bookings", "{\"userId\":\"" + user + "\"}");
        assertThat(booked.status()).as(booked.text()).isEqualTo(201);

        List<JsonNode> found = bookingsOf(user, "");

        assertThat(found).hasSize(1);
        assertThat(found.get(0).get("userId").asString()).isEqualTo(user);
        String booking = booked.header("Location").orElseThrow();
        done(client.delete(booking + "?userId=" + encoded(user)));
    }

    private Reply book(String event, String user) {
        return client.post(event + "/bookings", "{\"userId\":\"" + user + "\"}");
    }

    private Reply hold(String event, String user, int seconds) {
        return client.post(event + "/bookings", "{\"userId\":\"" + user + "\",\"holdSeconds\":" + seconds + "}");
    }

    private Reply join(String line, String user) {
        return client.post(line, "{\"userId\":\"" + user + "\"}");
    }

    private void await(String booking, String status) {
        Awaitility.await(status)
                .atMost(BookingOffice.PATIENCE)
                .until(() -> client.get(booking).at("/status").equals(status));
    }

    private List<JsonNode> bookingsOf(String user, String query) {
        return bookings(client.get("/v1/users/" + encoded(user) + "/bookings" + query));
    }

    private List<String> statuses(String event) {
        return bookings(client.get(event + "/bookings")).stream()
                .map(booking -> booking.get("status").asString())
                .toList();
    }

    /** The ids of all bookings there, read in pages of so many. */
    private List<String> pages(String path, int limit) {
        List<String> ids = new ArrayList<>();
        String after = "";
        do {
            Reply page = client.get(path + "?limit=" + limit + after);
            assertThat(bookings(page)).hasSizeLessThanOrEqualTo(limit);
            bookings(page).forEach(booking -> ids.add(booking.get("bookingId").asString()));
            after = page.json().has("after") ? "&after=" + page.at("/after") : "";
        } while (!after.isEmpty());
        return ids;
    }

    private static List<JsonNode> bookings(Reply page) {
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        return StreamSupport.stream(page.json().get("bookings").spliterator(), false)
                .toList();
    }

    private static Reply done(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply;
    }

    private static void refused(int status, String reason, Reply reply) {
        assertThat(reply.at("/reason")).as(reply.text()).isEqualTo(reason);
        assertThat(reply.status()).isEqualTo(status);
    }

    /** A user nobody else has: all tests share the tables. */
    private static String user(String name) {
        return name + UUID.randomUUID();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
