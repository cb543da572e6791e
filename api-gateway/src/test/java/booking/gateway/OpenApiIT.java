package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.FreePorts;
import booking.gateway.access.ApiKey;
import booking.gateway.access.Role;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI file, held against the running gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiIT {
    private static final String CREATE_EVENT = "POST /v1/events";
    private static final String LIST_EVENTS = "GET /v1/events";
    private static final String GET_EVENT = "GET /v1/events/{eventId}";
    private static final String UPDATE_EVENT = "PATCH /v1/events/{eventId}";
    private static final String CLOSE_EVENT = "POST /v1/events/{eventId}/closure";
    private static final String BOOK = "POST /v1/events/{eventId}/bookings";
    private static final String GET_BOOKING = "GET /v1/events/{eventId}/bookings/{bookingId}";
    private static final String CONFIRM = "POST /v1/events/{eventId}/bookings/{bookingId}/confirmation";
    private static final String LIST_BOOKINGS_OF_EVENT = "GET /v1/events/{eventId}/bookings";
    private static final String LIST_BOOKINGS_OF_USER = "GET /v1/users/{userId}/bookings";
    private static final String JOIN_WAITLIST = "POST /v1/events/{eventId}/waitlist";
    private static final String LEAVE_WAITLIST = "DELETE /v1/events/{eventId}/waitlist";
    private static final String CANCEL = "DELETE /v1/events/{eventId}/bookings/{bookingId}";
    private static final String GET_COMMAND = "GET /v1/commands/{commandId}";
    private static final String STREAM = "GET /v1/stream";
    private static final String STREAM_OF_EVENT = "GET /v1/events/{eventId}/stream";
    private static final String WAITLIST_OF_USER = "GET /v1/users/{userId}/waitlist";
    private static final String BATCH = "POST /v1/bookings:batch";
    private static final String PAGE = "GET /";
    private static final String PAGE_FILE = "GET /page/{version}/{file}";
    private static final String LIVE = "GET /health/live";
    private static final String READY = "GET /health/ready";
    private static final String METRICS = "GET /metrics";
    private static final List<String> FILES = List.of(
            "/openapi.yaml",
            "/asyncapi.yaml",
            "/command.schema.json",
            "/result.schema.json",
            "/availability.schema.json",
            "/docs");
    private static final String PART_OF_PAGE = "GET /docs/{file}";

    private BookingOffice office;
    private Client client;
    private GatewayApplication lonely;
    private Client lonelyClient;
    private GatewayApplication strict;
    private Client strictClient;
    private final String key = ApiKey.newText();
    private GatewayApplication guarded;
    private Client guardedClient;
    private OpenApiFile file;

    @BeforeAll
    void open(@TempDir Path directory) throws IOException {
        office = BookingOffice.open();
        client = office.client();
        // Without Kafka, PostgreSQL and room for streams.
        lonely = GatewayApplication.start(GatewaySettings.from(Map.of(
                "BOOKING_HTTP_PORT",
                "0",
                "BOOKING_HTTP_STREAMS",
                "0",
                "BOOKING_HTTP_BATCHES",
                "0",
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + FreePorts.any(),
                "BOOKING_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + FreePorts.any() + "/booking")));
        lonelyClient = new Client(lonely.port());
        // One call a day.
        strict = GatewayApplication.start(GatewaySettings.from(Map.of(
                "BOOKING_HTTP_PORT",
                "0",
                "BOOKING_HTTP_RATE_LIMIT",
                "1",
                "BOOKING_HTTP_RATE_LIMIT_WINDOW",
                "1d",
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + FreePorts.any(),
                "BOOKING_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + FreePorts.any() + "/booking")));
        strictClient = new Client(strict.port());
        Path keys = Files.writeString(
                directory.resolve("keys"),
                new ApiKey("k", ApiKey.sha256(key), Set.of(Role.ACT_FOR_OTHERS), Optional.empty()).line() + "\n");
        guarded = GatewayApplication.start(GatewaySettings.from(Map.of(
                "BOOKING_HTTP_PORT",
                "0",
                "BOOKING_AUTH_API_KEYS_FILE",
                keys.toString(),
                "BOOKING_AUTH_JWT_ISSUER",
                IdentityProvider.ISSUER,
                "BOOKING_AUTH_JWT_AUDIENCE",
                IdentityProvider.AUDIENCE,
                "BOOKING_AUTH_JWT_JWKS_URL",
                "http://127.0.0.1:" + FreePorts.any() + "/jwks",
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + FreePorts.any(),
                "BOOKING_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + FreePorts.any() + "/booking")));
        guardedClient = new Client(guarded.port());
        file = new OpenApiFile(client.get("/openapi.yaml").text());
    }

    @AfterAll
    void close() {
        guarded.close();
        strict.close();
        lonely.close();
        office.close();
    }

    @Test
    void theFileIsOpenApi31() {
        SwaggerParseResult parsed =
                new OpenAPIV3Parser().readContents(client.get("/openapi.yaml").text(), List.of(), new ParseOptions());

        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.isOpenapi31()).isTrue();
    }

    @Test
    void everyRouteIsInTheFileAndTheOtherWayRound() {
        assertThat(lonely.calls()).containsExactlyInAnyOrderElementsOf(file.calls());
    }

    @Test
    void everyAnswerInTheFileIsGivenAndIsAsTheFileSays() throws Exception {
        makeEvents();
        lookAtEvents();
        update();
        closeEvents();
        String booked = book();
        lookAt(booked);
        cancel(booked);
        confirm();
        standInLine();
        askForCommands();
        callTheService();
        openThePage();
        meetNobody();
        askTooOften();
        sendBatches();
        haveNoRight();
        haveATokenThatCannotBeChecked();

        assertThat(file.seen()).isEqualTo(file.answers());
    }

    private void makeEvents() {
        String venue = UUID.randomUUID().toString();
        String key = UUID.randomUUID().toString();
        String body = file.example(CREATE_EVENT, "concert").replace("concert-42", "e-" + venue);
        String elsewhere = body.replace("{", "{\"venue\":\"" + venue + "\",");

        file.check(CREATE_EVENT, client.post("/v1/events", elsewhere, "Idempotency-Key", key, "Prefer", "wait=30"));
        check(CREATE_EVENT, 409, client.post("/v1/events", elsewhere));
        check(CREATE_EVENT, 422, client.post("/v1/events", elsewhere.replace("100", "101"), "Idempotency-Key", key));
        String room = file.example(CREATE_EVENT, "oneRoom").replace("room-7", "room-" + venue);
        check(CREATE_EVENT, 202, client.post("/v1/events", room, "Prefer", "respond-async"));
        String sale = file.example(CREATE_EVENT, "sale").replace("concert-43", "sale-" + venue);
        check(CREATE_EVENT, 201, client.post("/v1/events", sale.replace("{", "{\"venue\":\"sale-" + venue + "\",")));
        check(CREATE_EVENT, 400, client.post("/v1/events", "{}"));
        check(CREATE_EVENT, 400, client.post("/v1/events", "{"));
        check(CREATE_EVENT, 413, client.post("/v1/events", " ".repeat(20_000)));
        check(CREATE_EVENT, 415, asText("POST", "/v1/events"));
        check(CREATE_EVENT, 417, expecting("POST /v1/events", "application/json"));
    }

    private void lookAtEvents() {
        String eventId = office.event(3);
        office.event(3);

        check(LIST_EVENTS, 200, client.get("/v1/events"));
        check(LIST_EVENTS, 200, client.get("/v1/events?limit=1"));
        check(LIST_EVENTS, 400, client.get("/v1/events?limit=0"));
        check(GET_EVENT, 200, client.get("/v1/events/" + eventId));
        check(GET_EVENT, 404, client.get("/v1/events/nowhere"));
    }

    private void update() {
        String eventId = office.event(3);
        String path = "/v1/events/" + eventId;
        String key = UUID.randomUUID().toString();
        String everything = file.example(UPDATE_EVENT, "everything").replace("main hall", eventId);
        String capacity = file.example(UPDATE_EVENT, "capacity");

        check(UPDATE_EVENT, 200, client.patch(path, everything, "Idempotency-Key", key, "Prefer", "wait=20"));
        check(UPDATE_EVENT, 422, client.patch(path, capacity, "Idempotency-Key", key));
        check(UPDATE_EVENT, 412, client.patch(path, capacity, "If-Match", "\"1\""));
        check(UPDATE_EVENT, 202, client.patch(path, capacity, "Prefer", "respond-async"));
        check(UPDATE_EVENT, 400, client.patch(path, "{}"));
        check(UPDATE_EVENT, 404, client.patch("/v1/events/nowhere", capacity));
        check(UPDATE_EVENT, 413, client.patch(path, " ".repeat(20_000)));
        check(UPDATE_EVENT, 415, asText("PATCH", path));
        check(UPDATE_EVENT, 417, expecting("PATCH " + path, "application/json"));
        Reply updated = check(GET_EVENT, 200, client.get(path));
        assertThat(updated.at("/perUserLimit")).isEqualTo("4");
        assertThat(updated.at("/salesOpenAt")).isEqualTo("2026-03-01T09:00:00Z");
        assertThat(updated.at("/salesCloseAt")).isEqualTo("2027-05-01T18:00:00Z");
        check(LIST_EVENTS, 200, client.get("/v1/events?limit=1000"));
        client.post(path + "/bookings", file.example(BOOK, "several"));
        check(UPDATE_EVENT, 409, client.patch(path, "{\"capacity\":1}"));
    }

    private void closeEvents() {
        String path = "/v1/events/" + office.event(3) + "/closure";
        String key = UUID.randomUUID().toString();

        check(CLOSE_EVENT, 412, post(path, "If-Match", "\"9\""));
        check(CLOSE_EVENT, 200, post(path, "Idempotency-Key", key, "Prefer", "wait=20"));
        check(CLOSE_EVENT, 422, post(path, "Idempotency-Key", key, "If-Match", "\"1\""));
        check(CLOSE_EVENT, 409, post(path));
        check(CLOSE_EVENT, 202, post(path, "Prefer", "respond-async"));
        check(CLOSE_EVENT, 400, post("/v1/events/a%20b/closure"));
        check(CLOSE_EVENT, 404, post("/v1/events/nowhere/closure"));
    }

    private void openThePage() {
        Reply page = check(PAGE, 200, client.get("/"));
        check(PAGE, 304, client.get("/", "If-None-Match", page.header("ETag").orElseThrow()));
        Matcher script = Pattern.compile("src=\"(page/[^\"]+main\\.js)\"").matcher(page.text());
        assertThat(script.find()).isTrue();
        String path = "/" + script.group(1);
        Reply file = check(PAGE_FILE, 200, client.get(path));
        check(
                PAGE_FILE,
                304,
                client.get(path, "If-None-Match", file.header("ETag").orElseThrow()));
        assertThat(page.header("Cache-Control")).contains("no-cache");
        assertThat(file.header("Cache-Control")).contains("public, max-age=31536000, immutable");
        assertThat(page.header("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types lit-html")
                .doesNotContain("unsafe");
        check(PAGE_FILE, 404, client.get("/page/0/main.js"));
        check(PAGE_FILE, 404, client.get(path.replace("main.js", "..%2Findex.html")));
    }

    /** Gives the path of a booking. */
    private String book() {
        String eventId = office.event(2);
        String path = "/v1/events/" + eventId + "/bookings";
        String key = UUID.randomUUID().toString();

        Reply booked = check(BOOK, 201, client.post(path, file.example(BOOK, "one"), "Idempotency-Key", key));
        check(BOOK, 409, client.post(path, file.example(BOOK, "several")));
        check(BOOK, 422, client.post(path, file.example(BOOK, "several"), "Idempotency-Key", key));
        check(BOOK, 412, client.post(path, file.example(BOOK, "one"), "If-Match", "\"1\""));
        check(BOOK, 202, client.post(path, file.example(BOOK, "one"), "Prefer", "respond-async"));
        check(BOOK, 400, client.post(path, "{}"));
        check(BOOK, 404, client.post("/v1/events/nowhere/bookings", file.example(BOOK, "one")));
        check(BOOK, 413, client.post(path, " ".repeat(20_000)));
        check(BOOK, 415, asText("POST", path));
        check(BOOK, 417, expecting("POST " + path, "application/json"));
        return booked.header("Location").orElseThrow();
    }

    private void lookAt(String booked) {
        String bookings = booked.substring(0, booked.lastIndexOf('/') + 1);

        check(GET_BOOKING, 200, client.get(booked));
        check(GET_BOOKING, 404, client.get(bookings + UUID.randomUUID()));
        check(GET_BOOKING, 400, client.get(bookings + "x"));
        String ofEvent = bookings.substring(0, bookings.length() - 1);
        check(LIST_BOOKINGS_OF_EVENT, 200, client.get(ofEvent));
        check(LIST_BOOKINGS_OF_EVENT, 200, client.get(ofEvent + "?limit=1"));
        check(LIST_BOOKINGS_OF_EVENT, 400, client.get(ofEvent + "?after=x"));
        check(LIST_BOOKINGS_OF_EVENT, 404, client.get("/v1/events/nowhere/bookings"));
        check(LIST_BOOKINGS_OF_USER, 200, client.get("/v1/users/alice/bookings"));
        check(LIST_BOOKINGS_OF_USER, 200, client.get("/v1/users/alice/bookings?limit=1"));
        check(WAITLIST_OF_USER, 200, client.get("/v1/users/alice/waitlist"));
        check(LIST_BOOKINGS_OF_USER, 400, client.get("/v1/users/alice/bookings?limit=0"));
    }

    private void confirm() {
        String path = "/v1/events/" + office.event(5) + "/bookings";
        String key = UUID.randomUUID().toString();
        Reply held = check(BOOK, 201, client.post(path, file.example(BOOK, "hold")));
        String hold = held.header("Location").orElseThrow();
        String confirmation = hold + "/confirmation";

        assertThat(held.at("/holdExpiresAt")).isNotEmpty();
        assertThat(check(GET_BOOKING, 200, client.get(hold)).at("/holdExpiresAt"))
                .isEqualTo(held.at("/holdExpiresAt"));
        check(CONFIRM, 412, post(confirmation, "If-Match", "\"9\""));
        check(CONFIRM, 200, post(confirmation, "Idempotency-Key", key, "Prefer", "wait=20"));
        check(CONFIRM, 422, post(confirmation, "Idempotency-Key", key, "If-Match", "\"1\""));
        check(CONFIRM, 409, post(confirmation));
        check(CONFIRM, 202, post(confirmation, "Prefer", "respond-async"));
        check(CONFIRM, 400, post(path + "/x/confirmation"));
        check(CONFIRM, 404, post(path + "/" + UUID.randomUUID() + "/confirmation"));
    }

    private void standInLine() {
        String eventId = office.event(2);
        String path = "/v1/events/" + eventId + "/waitlist";
        String one = file.example(JOIN_WAITLIST, "one");
        String several = file.example(JOIN_WAITLIST, "several");
        String key = UUID.randomUUID().toString();

        check(JOIN_WAITLIST, 409, client.post(path, one));
        check(BOOK, 201, client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\",\"quantity\":2}"));
        check(JOIN_WAITLIST, 200, client.post(path, one, "Idempotency-Key", key, "Prefer", "wait=20"));
        check(JOIN_WAITLIST, 422, client.post(path, several, "Idempotency-Key", key));
        check(JOIN_WAITLIST, 412, client.post(path, several, "If-Match", "\"1\""));
        check(JOIN_WAITLIST, 202, client.post(path, several, "Prefer", "respond-async"));
        check(JOIN_WAITLIST, 400, client.post(path, "{}"));
        check(JOIN_WAITLIST, 404, client.post("/v1/events/nowhere/waitlist", one));
        check(JOIN_WAITLIST, 413, client.post(path, " ".repeat(20_000)));
        check(JOIN_WAITLIST, 415, asText("POST", path));
        check(JOIN_WAITLIST, 417, expecting("POST " + path, "application/json"));

        String dave = path + "?userId=dave";
        String another = UUID.randomUUID().toString();
        check(LEAVE_WAITLIST, 412, client.delete(dave, "If-Match", "\"1\""));
        check(LEAVE_WAITLIST, 200, client.delete(dave, "Idempotency-Key", another, "Prefer", "wait=20"));
        check(LEAVE_WAITLIST, 422, client.delete(path + "?userId=erin", "Idempotency-Key", another));
        check(LEAVE_WAITLIST, 409, client.delete(dave));
        check(LEAVE_WAITLIST, 202, client.delete(dave, "Prefer", "respond-async"));
        check(LEAVE_WAITLIST, 400, client.delete(path));
        check(LEAVE_WAITLIST, 404, client.delete("/v1/events/nowhere/waitlist?userId=dave"));
    }

    private void cancel(String booked) {
        String bookings = booked.substring(0, booked.lastIndexOf('/') + 1);
        String key = UUID.randomUUID().toString();

        check(CANCEL, 403, client.delete(booked + "?userId=mallory"));
        check(CANCEL, 412, client.delete(booked, "If-Match", "\"1\""));
        check(CANCEL, 200, client.delete(booked, "Idempotency-Key", key, "Prefer", "wait=20"));
        check(CANCEL, 422, client.delete(booked + "?userId=alice", "Idempotency-Key", key));
        check(CANCEL, 409, client.delete(booked));
        check(CANCEL, 202, client.delete(booked, "Prefer", "respond-async"));
        check(CANCEL, 400, client.delete(bookings + "x"));
        check(CANCEL, 404, client.delete(bookings + UUID.randomUUID()));
    }

    private void askForCommands() throws Exception {
        String path = "/v1/events/" + office.event(1) + "/bookings";
        Reply taken = client.post(path, "{\"userId\":\"alice\"}");
        Reply refused = client.post(path, "{\"userId\":\"bob\"}");

        check(GET_COMMAND, 200, client.get("/v1/commands/" + taken.at("/commandId")));
        check(GET_COMMAND, 200, client.get("/v1/commands/" + refused.at("/commandId")));
        String unknown = "/v1/commands/" + UUID.randomUUID();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        office.servers().bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        unknown),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            // What is not committed nobody decides, so it is pending.
            producer.initTransactions();
            producer.beginTransaction();
            long offset = producer.send(new ProducerRecord<>(office.topics().commands(), 0, null, new byte[0]))
                    .get()
                    .offset();
            Reply pending = check(GET_COMMAND, 200, client.get(unknown + "?at=0-" + offset));
            assertThat(pending.at("/status")).isEqualTo("PENDING");
            producer.abortTransaction();
        }
        check(GET_COMMAND, 404, client.get(unknown + "?at=0-999999999999"));
        check(GET_COMMAND, 404, client.get(unknown));
        check(GET_COMMAND, 400, client.get("/v1/commands/x"));
    }

    private void callTheService() {
        check(LIVE, 200, client.get("/health/live"));
        check(READY, 200, client.get("/health/ready"));
        check(METRICS, 200, client.get("/metrics"));
        for (String path : FILES) {
            Reply got = check("GET " + path, 200, client.get(path));
            String tag = got.header("ETag").orElseThrow();
            check("GET " + path, 304, client.get(path, "If-None-Match", tag));
        }
        check(PART_OF_PAGE, 404, client.get("/docs/nothing.js"));
        Reply style = check(PART_OF_PAGE, 200, client.get("/docs/docs.css"));
        check(
                PART_OF_PAGE,
                304,
                client.get(
                        "/docs/docs.css", "If-None-Match", style.header("ETag").orElseThrow()));
        String ofEvent = "/v1/events/" + office.event(1) + "/stream";
        check(STREAM, 200, client.head("/v1/stream"));
        check(STREAM, 400, client.get("/v1/stream?lastEventId=x"));
        check(STREAM_OF_EVENT, 200, client.head(ofEvent));
        check(STREAM_OF_EVENT, 400, client.get(ofEvent + "?lastEventId=x"));
        check(STREAM_OF_EVENT, 404, client.get("/v1/events/nowhere/stream"));
    }

    private void meetNobody() {
        String id = UUID.randomUUID().toString();
        check(CREATE_EVENT, 503, lonelyClient.post("/v1/events", file.example(CREATE_EVENT, "concert")));
        check(LIST_EVENTS, 503, lonelyClient.get("/v1/events"));
        check(GET_EVENT, 503, lonelyClient.get("/v1/events/e"));
        check(UPDATE_EVENT, 503, lonelyClient.patch("/v1/events/e", file.example(UPDATE_EVENT, "capacity")));
        check(CLOSE_EVENT, 503, lonelyClient.post("/v1/events/e/closure"));
        check(CONFIRM, 503, lonelyClient.post("/v1/events/e/bookings/" + id + "/confirmation"));
        check(LIST_BOOKINGS_OF_EVENT, 503, lonelyClient.get("/v1/events/e/bookings"));
        check(LIST_BOOKINGS_OF_USER, 503, lonelyClient.get("/v1/users/alice/bookings"));
        check(WAITLIST_OF_USER, 503, lonelyClient.get("/v1/users/alice/waitlist"));
        check(JOIN_WAITLIST, 503, lonelyClient.post("/v1/events/e/waitlist", file.example(JOIN_WAITLIST, "one")));
        check(LEAVE_WAITLIST, 503, lonelyClient.delete("/v1/events/e/waitlist?userId=dave"));
        check(BOOK, 503, lonelyClient.post("/v1/events/e/bookings", file.example(BOOK, "one")));
        check(GET_BOOKING, 503, lonelyClient.get("/v1/events/e/bookings/" + id));
        check(CANCEL, 503, lonelyClient.delete("/v1/events/e/bookings/" + id));
        check(GET_COMMAND, 503, lonelyClient.get("/v1/commands/" + id));
        check(STREAM, 503, lonelyClient.get("/v1/stream"));
        check(STREAM_OF_EVENT, 503, lonelyClient.get("/v1/events/e/stream"));
        check(READY, 503, lonelyClient.get("/health/ready"));
    }

    private void askTooOften() {
        strictClient.get("/v1/events");
        for (String call : file.calls()) {
            String[] parts = call.split(" ", 2);
            if (parts[1].startsWith("/v1/")) {
                check(call, 429, strictClient.send(parts[0], parts[1].replaceAll("\\{\\w+}", "x"), null));
            }
        }
    }

    private void sendBatches() {
        String sale = file.lines(BATCH, "sale")
                .replace("concert-44", "e-" + UUID.randomUUID())
                .replace("\"capacity\"", "\"venue\":\"" + UUID.randomUUID() + "\",\"capacity\"")
                .replace(
                        "01990f3c-7a52-7c11-8a5e-00000000e001",
                        UUID.randomUUID().toString());
        Reply sold = check(BATCH, 200, batch(client, sale));
        assertThat(sold.text().lines())
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).containsPattern("\"status\":\"(ACCEPTED|REJECTED)\""));
        Reply mixed = check(BATCH, 200, batch(client, sale + "{}\n{", "Prefer", "respond-async"));
        assertThat(mixed.text()).contains("PENDING", "REFUSED");
        check(BATCH, 400, batch(client, sale, "If-Match", "\"1\""));
        check(BATCH, 415, client.post("/v1/bookings:batch", "{}"));
        check(BATCH, 417, expecting("POST /v1/bookings:batch", "application/x-ndjson"));
        check(BATCH, 503, batch(lonelyClient, sale));
    }

    private static Reply batch(Client client, String lines, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(client.uri("/v1/bookings:batch"))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Client.send(request.build());
    }

    /** Nobody is known to a gateway that has one key, with a role that is not enough for any call. */
    private void haveNoRight() {
        for (String call : file.calls()) {
            String[] parts = call.split(" ", 2);
            String path = parts[1].replaceAll("\\{\\w+}", "x");
            Reply unknown = guardedClient.send(parts[0], path, null);
            if (unknown.status() == 401) {
                check(call, 401, unknown);
                check(call, 403, guardedClient.send(parts[0], path, null, "Authorization", "Bearer " + key));
            }
        }
    }

    private void haveATokenThatCannotBeChecked() {
        String token = IdentityProvider.sign(
                IdentityProvider.claims("alice", "read").build(), IdentityProvider.newKey("first"));
        // Also when its keys are no longer fetched for each.
        for (int i = 0; i < 4; i++) {
            check(METRICS, 503, guardedClient.get("/metrics", "Authorization", "Bearer " + token));
        }
    }

    private Reply check(String call, int status, Reply reply) {
        assertThat(reply.status()).as(call + " " + reply.text()).isEqualTo(status);
        return file.check(call, reply);
    }

    private Reply post(String path, String... headers) {
        return client.send("POST", path, null, headers);
    }

    /** What the client library does not let us say. */
    private Reply expecting(String request, String contentType) {
        try (RawConnection connection = new RawConnection(client.port())) {
            String[] answer = connection
                    .send(request + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + contentType
                            + "\r\nContent-Length: 2\r\nExpect: the-best\r\nConnection: close\r\n\r\n{}")
                    .untilClosed()
                    .split("\r\n\r\n", 2);
            List<String> head = answer[0].lines().toList();
            Map<String, List<String>> headers = head.stream()
                    .skip(1)
                    .map(line -> line.split(": ", 2))
                    .collect(Collectors.toMap(header -> header[0], header -> List.of(header[1])));
            return new Reply(
                    Integer.parseInt(head.get(0).split(" ", -1)[1]),
                    HttpHeaders.of(headers, (name, value) -> true),
                    answer[1].getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Reply asText(String method, String path) {
        return Client.send(HttpRequest.newBuilder(client.uri(path))
                .header("Content-Type", "text/plain")
                .method(method, BodyPublishers.ofString("{}"))
                .build());
    }
}
