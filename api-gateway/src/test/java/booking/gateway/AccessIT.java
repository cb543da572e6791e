package booking.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import booking.configuration.SettingsException;
import booking.gateway.access.ApiKey;
import booking.gateway.access.Role;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, held against the running gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessIT {
    private static final String OTHERS = "act-for-others";
    /** Every call, and the roles that it takes; none where it is for everybody. As docs/access.md has it. */
    private static final Map<String, Set<String>> NEEDS = new TreeMap<>(Map.ofEntries(
            Map.entry("POST /v1/events", Set.of("manage-events")),
            Map.entry("PATCH /v1/events/{eventId}", Set.of("manage-events")),
            Map.entry("POST /v1/events/{eventId}/closure", Set.of("manage-events")),
            Map.entry("POST /v1/events/{eventId}/bookings", Set.of("book")),
            Map.entry("POST /v1/events/{eventId}/bookings/{bookingId}/confirmation", Set.of("book")),
            Map.entry("DELETE /v1/events/{eventId}/bookings/{bookingId}", Set.of("book")),
            Map.entry("POST /v1/events/{eventId}/waitlist", Set.of("book")),
            Map.entry("DELETE /v1/events/{eventId}/waitlist", Set.of("book")),
            Map.entry("POST /v1/bookings:batch", Set.of("book")),
            Map.entry("GET /v1/events", Set.of("read")),
            Map.entry("GET /v1/events/{eventId}", Set.of("read")),
            Map.entry("GET /v1/events/{eventId}/stream", Set.of("read")),
            Map.entry("GET /v1/stream", Set.of("read")),
            Map.entry("GET /v1/events/{eventId}/bookings", Set.of("read", OTHERS)),
            Map.entry("GET /v1/events/{eventId}/bookings/{bookingId}", Set.of("read")),
            Map.entry("GET /v1/users/{userId}/bookings", Set.of("read")),
            Map.entry("GET /v1/users/{userId}/waitlist", Set.of("read")),
            Map.entry("GET /v1/commands/{commandId}", Set.of("read")),
            Map.entry("GET /metrics", Set.of("read")),
            Map.entry("GET /health/live", Set.of()),
            Map.entry("GET /health/ready", Set.of()),
            Map.entry("GET /openapi.yaml", Set.of()),
            Map.entry("GET /asyncapi.yaml", Set.of()),
            Map.entry("GET /command.schema.json", Set.of()),
            Map.entry("GET /result.schema.json", Set.of()),
            Map.entry("GET /availability.schema.json", Set.of()),
            Map.entry("GET /", Set.of()),
            Map.entry("GET /page/{version}/{file}", Set.of()),
            Map.entry("GET /docs", Set.of()),
            Map.entry("GET /docs/{file}", Set.of())));

    /** All sets of roles that there are. */
    private static final List<Set<String>> ROLES = allSetsOf(Role.values());

    private final String deskKey = ApiKey.newText();
    private Path keys;
    private IdentityProvider provider;
    private BookingOffice office;
    private Client client;

    @BeforeAll
    void open(@TempDir Path directory) throws IOException {
        provider = new IdentityProvider();
        keys = directory.resolve("keys");
        Files.writeString(keys, "# the desk\n" + line("desk", deskKey, Set.of(Role.values()), Optional.empty()));
        office = BookingOffice.unmanned(Map.of(
                "BOOKING_AUTH_API_KEYS_FILE",
                keys.toString(),
                "BOOKING_AUTH_JWT_ISSUER",
                IdentityProvider.ISSUER,
                "BOOKING_AUTH_JWT_AUDIENCE",
                IdentityProvider.AUDIENCE,
                "BOOKING_AUTH_JWT_JWKS_URL",
                provider.keysUrl()));
        office.startProcessor();
        client = office.client();
    }

    @AfterAll
    void close() {
        office.close();
        provider.close();
    }

    private static List<Set<String>> allSetsOf(Role[] roles) {
        return IntStream.range(0, 1 << roles.length)
                .mapToObj(set -> IntStream.range(0, roles.length)
                        .filter(role -> (set >> role & 1) == 1)
                        .mapToObj(role -> roles[role].written())
                        .collect(Collectors.toUnmodifiableSet()))
                .toList();
    }

    Stream<Arguments> callsByRoles() {
        return NEEDS.keySet().stream().flatMap(call -> ROLES.stream().map(roles -> Arguments.of(call, roles)));
    }

    @ParameterizedTest(name = "{0} with {1}")
    @MethodSource("callsByRoles")
    void aCallIsAnsweredForThoseRolesThatItTakesAndForNoOthers(String call, Set<String> roles) {
        String token = provider.token("alice", roles.toArray(String[]::new));
        int status = call(call, token).status();
        Set<String> needed = NEEDS.getOrDefault(call, Set.of());

        if (roles.containsAll(needed)) {
            assertThat(status).isNotIn(401, 403);
        } else {
            assertThat(status).isEqualTo(403);
        }
        assertThat(call(call, null).status() == 401).isEqualTo(!needed.isEmpty());
        if (call.startsWith("GET ")) {
            assertThat(send("HEAD", path(call), null, token).status()).isEqualTo(status);
        }
    }

    @Test
    void thereIsNoCallWhoseRolesAreNotSaid() {
        assertThat(new TreeSet<>(office.calls())).containsExactlyElementsOf(NEEDS.keySet());
    }

    private Reply call(String call, @Nullable String token) {
        String path = path(call);
        if (path.endsWith("/stream")) {
            // It does not end.
            return token == null ? client.head(path) : client.head(path, "Authorization", "Bearer " + token);
        }
        String method = call.substring(0, call.indexOf(' '));
        return send(method, path, method.equals("GET") ? null : "{}", token);
    }

    /** Nothing is there, so nothing happens; who may ask is told so, or that the body is none. */
    private static String path(String call) {
        return call.substring(call.indexOf(' ') + 1)
                .replace("{eventId}", "nowhere")
                .replace("{userId}", "alice")
                .replace("{bookingId}", "01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a")
                .replace("{commandId}", "01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a")
                .replace("{file}", "docs.css")
                .replace("{version}", "0");
    }

    private Reply send(
            String method, String path, @Nullable String body, @Nullable String credential, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(client.uri(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (credential != null) {
            request.header("Authorization", "Bearer " + credential);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Client.send(request.build());
    }

    private String event(int capacity) {
        String eventId = "e-" + UUID.randomUUID();
        Reply made = send("POST", "/v1/events", """
                {"eventId":"%s","name":"A concert","date":"2027-05-01T20:00:00Z","venue":"%s","capacity":%d}
                """.formatted(eventId, eventId, capacity), deskKey);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return eventId;
    }

    @Test
    void aHolderBooksForItselfAndForNobodyElse() {
        String alice = provider.token("alice", "read", "book");
        String mallory = provider.token("mallory", "read", "book");
        String path = "/v1/events/" + event(10) + "/bookings";

        assertThat(send("POST", path, "{\"userId\":\"alice\"}", mallory).status())
                .isEqualTo(403);
        Reply hold = send("POST", path, "{\"holdSeconds\":600}", alice);
        assertThat(hold.status()).as(hold.text()).isEqualTo(201);
        assertThat(hold.at("/userId")).isEqualTo("alice");
        String booking = path + "/" + hold.at("/bookingId");
        String command = "/v1/commands/" + hold.at("/commandId");

        assertThat(send("POST", booking + "/confirmation", null, mallory).status())
                .isEqualTo(403);
        assertThat(send("GET", booking, null, mallory).status()).isEqualTo(403);
        assertThat(send("GET", command, null, mallory).status()).isEqualTo(403);
        assertThat(send("GET", "/v1/users/alice/bookings", null, mallory).status())
                .isEqualTo(403);
        assertThat(send("DELETE", booking + "?userId=alice", null, mallory).status())
                .isEqualTo(403);
        String waitlist = path.replace("/bookings", "/waitlist");
        assertThat(send("POST", waitlist, "{\"userId\":\"alice\"}", mallory).status())
                .isEqualTo(403);
        assertThat(send("DELETE", waitlist + "?userId=alice", null, mallory).status())
                .isEqualTo(403);
        assertThat(send("GET", "/v1/users/alice/waitlist", null, mallory).status())
                .isEqualTo(403);
        // Without a userId the holder's own is asked for, and that is not the owner's.
        assertThat(send("DELETE", booking, null, mallory).at("/reason")).isEqualTo("NOT_THE_OWNER");

        assertThat(send("GET", booking, null, alice).status()).isEqualTo(200);
        assertThat(send("GET", command, null, alice).status()).isEqualTo(200);
        assertThat(send("GET", "/v1/users/alice/bookings", null, alice).text()).contains(hold.at("/bookingId"));
        Reply confirmed = send("POST", booking + "/confirmation", null, alice);
        assertThat(confirmed.status()).as(confirmed.text()).isEqualTo(200);
        assertThat(send("DELETE", booking, null, alice).status()).isEqualTo(200);
    }

    @Test
    void whoMayActForOthersDoesSo() {
        String path = "/v1/events/" + event(10) + "/bookings";
        Reply hold = send("POST", path, "{\"userId\":\"bob\",\"holdSeconds\":600}", deskKey);
        String booking = path + "/" + hold.at("/bookingId");

        assertThat(hold.at("/userId")).isEqualTo("bob");
        assertThat(send("GET", path, null, deskKey).text()).contains("bob");
        assertThat(send("POST", booking + "/confirmation", null, deskKey).status())
                .isEqualTo(200);
        assertThat(send("DELETE", booking, null, deskKey).status()).isEqualTo(200);
    }

    @Test
    void theSameKeyOfTwoCallersIsTwoCommands() {
        String path = "/v1/events/" + event(10) + "/bookings";
        Reply alices = send("POST", path, "{}", provider.token("alice", "book"), "Idempotency-Key", "order 1");
        Reply bobs = send("POST", path, "{}", provider.token("bob", "book"), "Idempotency-Key", "order 1");

        assertThat(alices.at("/userId")).isEqualTo("alice");
        assertThat(bobs.at("/userId")).isEqualTo("bob");
        // A UUID is the command's id as it is, and whose command that is stands.
        String uuid = UUID.randomUUID().toString();
        send("POST", path, "{}", provider.token("alice", "book"), "Idempotency-Key", uuid);
        Reply stolen = send("POST", path, "{}", provider.token("bob", "book"), "Idempotency-Key", uuid);
        assertThat(stolen.status()).isEqualTo(422);
        assertThat(stolen.text()).doesNotContain("alice");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoMayNotSeeOthersGetsStatesOnlyNowAndAfterALastId(boolean ofAll) throws IOException {
        String eventId = event(10);
        String path = ofAll ? "/v1/stream" : "/v1/events/" + eventId + "/stream";
        String carol = provider.token("carol", "read");
        String beginning;
        try (RawConnection reader = reader(path, carol)) {
            assertThat(reader.until("\nid: ")).startsWith("HTTP/1.1 200");
            beginning = reader.until("\n").strip();
            send("POST", "/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}", deskKey);
            assertStatesOnly(reader, eventId, 1);
        }
        send("POST", "/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}", deskKey);

        try (RawConnection reader = reader(path, carol, "Last-Event-ID: " + beginning + "\r\n")) {
            assertStatesOnly(reader, eventId, 2);
        }
        // The same for who may see all, or the above would say nothing.
        try (RawConnection reader = reader(path, deskKey, "Last-Event-ID: " + beginning + "\r\n")) {
            assertThat(reader.until("\"userId\":\"alice\"")).contains("event: result");
        }
    }

    /** Nothing but states comes until that of this event with so many places taken. */
    private static void assertStatesOnly(RawConnection reader, String eventId, int taken) throws IOException {
        String event = "";
        while (!(event.contains("\"" + eventId + "\"") && event.contains("\"confirmed\":" + taken + ","))) {
            event = reader.until("\n\n");
            assertThat(event).isNotEmpty().doesNotContain("event: result").doesNotContain("alice");
        }
    }

    private RawConnection reader(String path, String credential, String... headers) throws IOException {
        return new RawConnection(office.port())
                .send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + credential + "\r\n"
                        + String.join("", headers) + "\r\n");
    }

    @Test
    void rolesThatAreTakenFromAKeyAreNoLongerItsOwnWhateverGoesOn() throws IOException {
        String key = ApiKey.newText();
        String before = Files.readString(keys);
        String eventId = event(10);
        String bookings = "/v1/events/" + eventId + "/bookings";
        replaceKeys(before + line("clerk", key, Set.of(Role.values()), Optional.empty()));
        await().atMost(BookingOffice.PATIENCE)
                .until(() -> send("GET", bookings, null, key).status() == 200);
        try (RawConnection stream = reader("/v1/events/" + eventId + "/stream", key)) {
            assertThat(stream.until(":\n\n")).startsWith("HTTP/1.1 200");

            replaceKeys(before + line("clerk", key, Set.of(Role.READ), Optional.empty()));
            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> send("GET", bookings, null, key).status() == 403);
            assertThat(send("POST", bookings, "{\"userId\":\"alice\"}", key).status())
                    .isEqualTo(403);
            assertThat(send("GET", "/v1/events/" + eventId, null, key).status()).isEqualTo(200);
            // It was opened by who may see results. What they may see now takes another stream.
            assertThat(stream.untilClosed()).doesNotContain("event: result");
        }
        try (RawConnection stream = reader("/v1/events/" + eventId + "/stream", key)) {
            assertThat(stream.until("\nid: ")).startsWith("HTTP/1.1 200");
            send("POST", bookings, "{\"userId\":\"alice\"}", deskKey);
            assertStatesOnly(stream, eventId, 1);
        }
        replaceKeys(before);
    }

    @Test
    void whoIsNoLongerLetInLosesItsPlaceAlsoWhenItDoesNotReadWhatItWasSent() throws Exception {
        String key = ApiKey.newText();
        String before = Files.readString(keys);
        replaceKeys(before + line("stalled", key, Set.of(Role.values()), Optional.empty()));
        await().atMost(BookingOffice.PATIENCE)
                .until(() -> send("GET", "/v1/events", null, key).status() == 200);
        await().atMost(BookingOffice.PATIENCE).until(() -> metric(client, "booking_streams_open ") == 0);
        double revoked = metric(client, "booking_streams_revoked_total ");
        try (Socket stalled = new Socket();
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                office.servers().bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            stalled.setReceiveBufferSize(4_096);
            stalled.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), office.port()));
            stalled.getOutputStream()
                    .write(("GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n")
                            .getBytes(UTF_8));
            try (RawConnection other = reader("/v1/stream", deskKey)) {
                await().atMost(BookingOffice.PATIENCE).until(() -> metric(client, "booking_streams_open ") == 2);
                // More than the system takes for a connection, and less than a reader is dropped for.
                for (int i = 0; i < 70; i++) {
                    fill(producer, "x".repeat(100_000));
                }
                fill(producer, "last");
                producer.flush();
                other.until("{\"filling\":\"last\"}");
            }

            replaceKeys(before);
            await().atMost(BookingOffice.PATIENCE).until(() -> metric(client, "booking_streams_open ") == 0);
        }
        // At once: who is only asked to leave has to be asked again and again.
        assertThat(metric(client, "booking_streams_revoked_total ")).isEqualTo(revoked + 1);
        assertThat(metric(client, "booking_streams_dropped_total ")).isZero();
    }

    @Test
    void aStreamEndsWithTheTokenOfItsReader() throws IOException {
        await().atMost(BookingOffice.PATIENCE).until(() -> metric(client, "booking_streams_open ") == 0);
        // Clocks may differ by a minute, so it is good for a while.
        String ending = IdentityProvider.sign(
                IdentityProvider.claims("alice", "read")
                        .expirationTime(Date.from(Instant.now().minusSeconds(40)))
                        .build(),
                provider.key());
        try (RawConnection stream = reader("/v1/stream", ending)) {
            assertThat(stream.until(":\n\n")).startsWith("HTTP/1.1 200");

            await().atMost(BookingOffice.PATIENCE).until(() -> metric(client, "booking_streams_open ") == 0);
        }
    }

    private void fill(KafkaProducer<byte[], byte[]> producer, String text) {
        var unused = producer.send(new ProducerRecord<>(
                office.topics().results(),
                "filling".getBytes(UTF_8),
                ("{\"filling\":\"" + text + "\"}").getBytes(UTF_8)));
    }

    Stream<Arguments> badTokens() throws Exception {
        JWTClaimsSet good = IdentityProvider.claims("alice", "read").build();
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("no signature", new PlainJWT(good).serialize());
        tokens.put("another's key", IdentityProvider.sign(good, IdentityProvider.newKey("first")));
        tokens.put("an unknown key", IdentityProvider.sign(good, IdentityProvider.newKey("other")));
        tokens.put(
                "the public key taken for a secret",
                IdentityProvider.sign(
                        good,
                        "first",
                        JWSAlgorithm.HS256,
                        new MACSigner(provider.key().toRSAPublicKey().getEncoded())));
        tokens.put(
                "over",
                IdentityProvider.sign(
                        IdentityProvider.claims("alice", "read")
                                .expirationTime(Date.from(Instant.now().minusSeconds(120)))
                                .build(),
                        provider.key()));
        tokens.put(
                "without an end",
                IdentityProvider.sign(
                        IdentityProvider.claims("alice", "read")
                                .expirationTime(null)
                                .build(),
                        provider.key()));
        tokens.put(
                "not yet",
                IdentityProvider.sign(
                        IdentityProvider.claims("alice", "read")
                                .notBeforeTime(Date.from(Instant.now().plusSeconds(300)))
                                .build(),
                        provider.key()));
        tokens.put(
                "for another audience",
                IdentityProvider.sign(
                        IdentityProvider.claims("alice", "read")
                                .audience("other")
                                .build(),
                        provider.key()));
        tokens.put(
                "of another issuer",
                IdentityProvider.sign(
                        IdentityProvider.claims("alice", "read")
                                .issuer("https://other.example")
                                .build(),
                        provider.key()));
        tokens.put(
                "for nobody",
                IdentityProvider.sign(
                        IdentityProvider.claims("alice", "read").subject(null).build(), provider.key()));
        tokens.put("an unknown API key", ApiKey.newText());
        tokens.put("noise", "x");
        return tokens.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void aBadTokenIsRefused(String what, String token) {
        Reply refused = send("GET", "/v1/events", null, token);

        assertThat(refused.status()).as(what).isEqualTo(401);
        assertThat(refused.at("/reason")).isEqualTo("NOT_AUTHENTICATED");
        assertThat(refused.header("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer")
                .contains("invalid_token");
        assertThat(refused.text()).doesNotContain(token.length() > 1 ? token : "Bearer x");
    }

    @Test
    void theSchemeIsBearerInAnyCaseAndNoOther() {
        for (String header : List.of("BEARER " + deskKey, "bearer " + deskKey, "bEaReR  " + deskKey)) {
            assertThat(Client.send(HttpRequest.newBuilder(client.uri("/v1/events"))
                                    .header("Authorization", header)
                                    .build())
                            .status())
                    .isEqualTo(200);
        }
        for (String header : List.of("Basic YTpi", "Bearer", "Bearer a b", "Bearer \u00e4")) {
            Reply refused = Client.send(HttpRequest.newBuilder(client.uri("/v1/events"))
                    .header("Authorization", header)
                    .build());
            assertThat(refused.status()).as(header).isEqualTo(401);
        }
    }

    @Test
    void theFileOfKeysIsReadAgainAndABadOneChangesNothing() throws IOException {
        String key = ApiKey.newText();
        String before = Files.readString(keys);
        assertThat(send("GET", "/v1/events", null, key).status()).isEqualTo(401);

        replaceKeys(before + line("late", key, Set.of(Role.READ), Optional.empty()));
        await().atMost(BookingOffice.PATIENCE)
                .until(() -> send("GET", "/v1/events", null, key).status() == 200);
        try (RawConnection stream = new RawConnection(office.port())
                .send("GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n")) {
            assertThat(stream.until(":\n\n")).startsWith("HTTP/1.1 200");
            replaceKeys(before + "nonsense\n");
            await().atMost(BookingOffice.PATIENCE).until(() -> metric(client, "booking_api_keys_current ") == 0);
            assertThat(send("GET", "/v1/events", null, key).status()).isEqualTo(200);

            replaceKeys(before);
            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> send("GET", "/v1/events", null, key).status() == 401);
            assertThat(metric(client, "booking_api_keys_current ")).isEqualTo(1);
            // What it has been let in to see ends as well, and not only when it is read.
            await().atMost(BookingOffice.PATIENCE).until(() -> metric(client, "booking_streams_open ") == 0);
            assertThat(stream.untilClosed()).doesNotContain("event: ");
        }
        assertThat(send("GET", "/v1/events", null, deskKey).status()).isEqualTo(200);
    }

    private void replaceKeys(String text) throws IOException {
        Path next = Files.writeString(keys.resolveSibling("keys.next"), text);
        Files.move(next, keys, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private double metric(Client gateway, String series) {
        return Client.send(HttpRequest.newBuilder(gateway.uri("/metrics"))
                        .header("Authorization", "Bearer " + deskKey)
                        .build())
                .text()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void whoLeavesBeforeItIsKnownWhoCallsTakesNoPlace() throws IOException {
        Client fresh = new Client(office.startAnotherGateway());
        String token = provider.token("alice", "read", "book");
        int before = provider.fetches();
        provider.hold();
        try {
            String who = "Host: localhost\r\nAuthorization: Bearer " + token + "\r\n";
            RawConnection stream = new RawConnection(fresh.port()).send("GET /v1/stream HTTP/1.1\r\n" + who + "\r\n");
            RawConnection batch = new RawConnection(fresh.port())
                    .send("POST /v1/bookings:batch HTTP/1.1\r\n" + who
                            + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
            await().atMost(BookingOffice.PATIENCE).until(() -> provider.fetches() > before);
            stream.close();
            batch.close();
            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> goneFrom(fresh, "/v1/stream") == 1 && goneFrom(fresh, "/v1/bookings:batch") == 1);
        } finally {
            provider.release();
        }

        // This one waits behind them.
        Reply later = Client.send(HttpRequest.newBuilder(fresh.uri("/v1/events"))
                .header("Authorization", "Bearer " + provider.token("bob", "read"))
                .build());
        assertThat(later.status()).isEqualTo(200);
        assertThat(metric(fresh, "booking_streams_open ")).isZero();
        assertThat(metric(fresh, "booking_http_batches_open ")).isZero();
    }

    @Test
    void whoSendsSlowlyIsCutOffAlsoWhileItIsNotKnownWhoCalls() throws IOException {
        int fresh = office.startAnotherGateway();
        provider.hold();
        try (RawConnection slow = new RawConnection(fresh)) {
            slow.send("POST /v1/events/e1/bookings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + provider.token("alice", "book")
                    + "\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n");

            slow.trickleUntilCut(" ", Duration.ofMillis(100));
        } finally {
            provider.release();
        }
    }

    private double goneFrom(Client gateway, String route) {
        return metric(
                gateway,
                "booking_http_requests_seconds_count{method=\"" + (route.endsWith("batch") ? "POST" : "GET")
                        + "\",route=\"" + route + "\",status=\"gone\"}");
    }

    @Test
    void aKeyThatTheIssuerDoesNotPublishIsNoGoodHoweverOftenItIsTried() throws Exception {
        RSASSASigner signer = new RSASSASigner(IdentityProvider.newKey("other"));
        for (int i = 0; i < 6; i++) {
            String token = IdentityProvider.sign(
                    IdentityProvider.claims("alice", "read").build(), "unknown-" + i, JWSAlgorithm.RS256, signer);
            assertThat(send("GET", "/v1/events", null, token).status()).isEqualTo(401);
        }
    }

    @Test
    void whoManagesEventsSeesWhatBecameOfItsCommandsForThem() {
        String manager = provider.token("mary", "read", "manage-events");
        String eventId = "e-" + UUID.randomUUID();
        Reply taken = send("POST", "/v1/events", """
                {"eventId":"%s","name":"A","date":"2027-05-01T20:00:00Z","venue":"%s","capacity":5}
                """.formatted(eventId, eventId), manager, "Prefer", "respond-async");
        assertThat(taken.status()).isEqualTo(202);
        String command = taken.header("Location").orElseThrow();
        await().atMost(BookingOffice.PATIENCE)
                .until(() -> send("GET", command, null, manager).at("/status").equals("ACCEPTED"));

        // Others see neither this nor she theirs.
        assertThat(send("GET", command, null, provider.token("mallory", "read", "book"))
                        .status())
                .isEqualTo(403);
        Reply booked =
                send("POST", "/v1/events/" + eventId + "/bookings", "{}", provider.token("alice", "book", "read"));
        assertThat(booked.status()).as(booked.text()).isEqualTo(201);
        assertThat(send("GET", "/v1/commands/" + booked.at("/commandId"), null, manager)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void withoutKeysTheGatewayDoesNotListenForOthersUnlessToldSo() {
        Map<String, String> everywhere = Map.of("BOOKING_HTTP_HOST", "0.0.0.0");
        assertThatThrownBy(() -> GatewaySettings.from(everywhere))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("BOOKING_HTTP_HOST")
                .hasMessageContaining("BOOKING_AUTH_OPEN_TO_ALL=true");

        assertThat(GatewaySettings.from(Map.of("BOOKING_HTTP_HOST", "0.0.0.0", "BOOKING_AUTH_OPEN_TO_ALL", "true"))
                        .access()
                        .isOpen())
                .isTrue();
        assertThat(GatewaySettings.from(
                                Map.of("BOOKING_HTTP_HOST", "0.0.0.0", "BOOKING_AUTH_API_KEYS_FILE", keys.toString()))
                        .access()
                        .isOpen())
                .isFalse();
        assertThatThrownBy(() -> GatewaySettings.from(Map.of("BOOKING_AUTH_JWT_ISSUER", "https://identity.example")))
                .hasMessageContaining("BOOKING_AUTH_JWT_AUDIENCE")
                .hasMessageContaining("BOOKING_AUTH_JWT_JWKS_URL");
    }

    private static String line(String name, String key, Set<Role> roles, Optional<String> user) {
        return new ApiKey(name, ApiKey.sha256(key), roles, user).line() + "\n";
    }
}
