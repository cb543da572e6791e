package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.FreePorts;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is sent: a gateway without Kafka and PostgreSQL tells it all the same. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestIT {
    private static final String BOOKINGS = "/v1/events/e1/bookings";
    private static final String VALID = "{\"userId\":\"alice\"}";
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** With two digits of the day, which not every writer of dates gives. */
    private static final Pattern DATE =
            Pattern.compile("(?i)\r\ndate: ([A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT)\r\n");

    private GatewayApplication gateway;
    private Client client;

    @BeforeAll
    void start() {
        gateway = GatewayApplication.start(GatewaySettings.from(Map.of(
                "BOOKING_HTTP_PORT", "0",
                "BOOKING_HTTP_REQUEST_TIMEOUT", LIMIT.toSeconds() + "s",
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + FreePorts.any(),
                "BOOKING_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + FreePorts.any() + "/booking")));
        client = new Client(gateway.port());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void aBadFieldIs400AndNamed() {
        Reply reply = client.post(BOOKINGS, "{\"userId\":\"alice\",\"quantity\":0}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("Content-Type")).contains("application/problem+json");
        assertThat(reply.at("/reason")).isEqualTo("INVALID_COMMAND");
        assertThat(reply.at("/detail")).contains("quantity");
        assertThat(reply.at("/status")).isEqualTo("400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"userId\":\"a\",\"userId\":\"b\"}", "[1]", "", "\u0000", "{\"a\":1}x"})
    void malformedJsonIs400(String body) {
        Reply reply = client.post(BOOKINGS, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.at("/reason")).isEqualTo("MALFORMED_REQUEST");
    }

    @Test
    void deepNestingIs400() {
        Reply reply = client.post(BOOKINGS, "{\"x\":" + "[".repeat(8_000) + "]".repeat(8_000) + "}");

        assertThat(reply.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST   | /v1/events/a%20b/bookings        | INVALID_COMMAND   | eventId",
                "DELETE | /v1/events/e1/bookings/42        | INVALID_COMMAND   | bookingId",
                "GET    | /v1/events/e1/bookings/42        | MALFORMED_REQUEST | bookingId",
                "GET    | /v1/events/e1/bookings?after=42  | MALFORMED_REQUEST | after",
                "GET    | /v1/events/e1/bookings?limit=0   | MALFORMED_REQUEST | limit",
                "GET    | /v1/users/alice/bookings?after=  | MALFORMED_REQUEST | after",
                "GET    | /v1/users/alice/bookings?limit=x | MALFORMED_REQUEST | limit",
                "POST   | /v1/events/a%20b/closure         | INVALID_COMMAND   | eventId",
                "POST   | /v1/events/e1/bookings/42/confirmation | INVALID_COMMAND | bookingId",
                "DELETE | /v1/events/e1/waitlist           | INVALID_COMMAND   | userId",
                "DELETE | /v1/events/e1/waitlist?userId=   | INVALID_COMMAND   | userId",
                "DELETE | /v1/events/e1/waitlist?userId=a&userId=b | MALFORMED_REQUEST | userId",
                "GET    | /v1/commands/42                  | MALFORMED_REQUEST | commandId",
                "GET    | /v1/commands/01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a?at=3    | MALFORMED_REQUEST | at",
                "GET    | /v1/commands/01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a?at=-1-2 | MALFORMED_REQUEST | at",
                "GET    | /v1/events?limit=0               | MALFORMED_REQUEST | limit",
                "GET    | /v1/events?limit=1001            | MALFORMED_REQUEST | limit",
                "GET    | /v1/events?limit=x               | MALFORMED_REQUEST | limit",
                "GET    | /v1/events?limit=1&limit=2       | MALFORMED_REQUEST | limit",
                "DELETE | /v1/events/e1/bookings/01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a?userId= | INVALID_COMMAND | userId",
                "DELETE | /v1/events/e1/bookings/01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a?userId=a&userId=b"
                        + " | MALFORMED_REQUEST | userId",
            })
    void aBadPathOrQueryIs400AndNamed(String method, String path, String reason, String named) {
        Reply reply = client.send(method, path, method.equals("POST") ? VALID : null);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.at("/reason")).isEqualTo(reason);
        assertThat(reply.at("/detail")).contains(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST  | /v1/events               | {'name':'A','date':'2027-05-01T20:00:00Z','perUserLimit':0}"
                        + " | perUserLimit",
                "POST  | /v1/events               | {'name':'A','date':'2027-05-01T20:00:00Z','salesOpenAt':'soon'}"
                        + " | salesOpenAt",
                "POST  | /v1/events               | {'name':'A','date':'2027-05-01T20:00:00Z',"
                        + "'salesOpenAt':'2027-01-02T00:00:00Z','salesCloseAt':'2027-01-01T00:00:00Z'} | salesCloseAt",
                "PATCH | /v1/events/e1            | {}                                   | at least one",
                "PATCH | /v1/events/e1            | {'capacity':0}                       | capacity",
                "PATCH | /v1/events/e1            | {'perUserLimit':null}                | perUserLimit",
                "PATCH | /v1/events/e1            | {'eventId':'e2','capacity':2}        | eventId",
                "POST  | /v1/events/e1/bookings   | {'userId':'a','holdSeconds':0}       | holdSeconds",
                "POST  | /v1/events/e1/bookings   | {'userId':'a','holdSeconds':86401}   | holdSeconds",
                "POST  | /v1/events/e1/bookings   | {'userId':'a','holdSeconds':'60'}    | holdSeconds",
                "POST  | /v1/events/e1/bookings   | {'userId':'a','holdSeconds':null}    | holdSeconds",
                "POST  | /v1/events/e1/bookings   | {'type':'hold','userId':'a'}         | type",
                "POST  | /v1/events/e1/bookings   | {'type':'expireHold','userId':'a',"
                        + "'bookingId':'01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a'} | type",
                "POST  | /v1/events/e1/waitlist   | {}                                   | userId",
                "POST  | /v1/events/e1/waitlist   | {'userId':'a','quantity':0}          | quantity",
            })
    void aBadCommandIs400AndNamed(String method, String path, String body, String named) {
        Reply reply = client.send(method, path, body.replace('\'', '"'));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.at("/reason")).isEqualTo("INVALID_COMMAND");
        assertThat(reply.at("/detail")).contains(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/events/e1/closure",
                "/v1/events/e1/bookings/01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a/confirmation"
            })
    void whereNothingHasToBeSaidABodyIsNotLookedAt(String path) {
        assertThat(client.post(path).status()).isEqualTo(503);
        assertThat(client.post(path, "{").status()).isEqualTo(503);
    }

    @Test
    void anEndlessBodyThatIsNotLookedAtIsCut() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(
                    "POST /v1/events/e1/closure HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";

            connection.trickleUntilCut(chunk, Duration.ofMillis(100));
        }
    }

    @ParameterizedTest
    @CsvSource({"If-Match, 7", "If-Match, W/\"7\"", "Idempotency-Key, ''"})
    void aBadHeaderIs400AndNamed(String name, String value) {
        Reply reply = client.post(BOOKINGS, VALID, name, value);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.at("/detail")).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "localhost..",
                "host.docker.internal",
                "evillocalhost",
                "10.0.0.1",
                "0.0.0.0",
                "[2001:db8::1]:8080",
                ""
            })
    void whereNobodyIsAskedWhoTheyAreARequestForAnotherHostIsRefused(String host) throws IOException {
        assertThat(raw("GET /v1/events", "Host: " + host)).startsWith("HTTP/1.1 403");
        assertThat(raw("GET /metrics", "Host: " + host)).startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:1234",
                "localhost.",
                "localhost.:80",
                "127.0.0.1",
                "127.1.2.3:80",
                "[::1]:8080",
                "desk.localhost"
            })
    void itsOwnMachineMayCallItByAnyNameThatItHas(String host) throws IOException {
        assertThat(raw("POST /v1/events/e1/closure", "Host: " + host)).startsWith("HTTP/1.1 503");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://evil.example", "null", "http://localhost:1", "http://127.0.0.1", "https://localhost.evil"
            })
    void whereNobodyIsAskedWhoTheyAreAPageOfAnotherHostCanNeitherWriteNorLook(String origin) throws IOException {
        for (String write :
                new String[] {"POST " + BOOKINGS, "PATCH /v1/events/e1", "DELETE /v1/events/e1/bookings/b"}) {
            assertThat(raw(write, "Host: localhost", "Origin: " + origin)).startsWith("HTTP/1.1 403");
        }
        for (String look : new String[] {"GET /metrics", "GET /v1/stream"}) {
            assertThat(raw(look, "Host: localhost", "Origin: " + origin)).startsWith("HTTP/1.1 403");
        }
        assertThat(raw("GET /", "Host: localhost", "Origin: " + origin)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "something new", ""})
    void whatABrowserSendsForAPageOfAnotherHostIsRefusedAlsoWithoutAnOrigin(String site) throws IOException {
        for (String call : new String[] {"GET /v1/stream", "GET /metrics", "POST /v1/events/e1/closure"}) {
            assertThat(raw(call, "Host: localhost", "Sec-Fetch-Site: " + site)).startsWith("HTTP/1.1 403");
        }
        assertThat(client.get("/metrics", "Sec-Fetch-Site", site).at("/detail")).contains("a page of another host");
        // A link from elsewhere leads to the page.
        assertThat(raw("GET /", "Host: localhost", "Sec-Fetch-Site: " + site)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none"})
    void whatThePageOfTheGatewayOrAPersonAsksForIsAnswered(String site) throws IOException {
        assertThat(raw("GET /metrics", "Host: localhost", "Sec-Fetch-Site: " + site))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void thePageOfTheGatewayItselfMayWrite() throws IOException {
        assertThat(raw(
                        "POST /v1/events/e1/closure",
                        "Host: localhost:" + gateway.port(),
                        "Origin: http://localhost:" + gateway.port()))
                .startsWith("HTTP/1.1 503");
    }

    @Test
    void whoSaysThatAllMayDoEverythingIsTakenAtItsWord() throws IOException {
        try (GatewayApplication open = openToAll("")) {
            assertThat(raw(
                            open.port(),
                            "POST /v1/events/e1/closure",
                            "Host: tickets.example",
                            "Origin: https://shop.example",
                            "Sec-Fetch-Site: cross-site"))
                    .startsWith("HTTP/1.1 503");
        }
    }

    @Test
    void whoSaysUnderWhichNamesAllMayDoEverythingIsCalledUnderNoOthersAndByNoPageOfAnotherHost() throws IOException {
        try (GatewayApplication open = openToAll("Desk.example, 192.168.1.5, 2001:DB8:0::1")) {
            String call = "POST /v1/events/e1/closure";
            for (String host : new String[] {
                "desk.example",
                "DESK.example:80",
                "desk.example.",
                "192.168.1.5:8080",
                "[2001:db8::1]:8080",
                "localhost"
            }) {
                assertThat(raw(open.port(), call, "Host: " + host)).as(host).startsWith("HTTP/1.1 503");
            }
            for (String host : new String[] {
                "evil.example", "desk.example.evil.example", "a.desk.example", "192.168.1.6", "[2001:db8::2]"
            }) {
                assertThat(raw(open.port(), call, "Host: " + host)).as(host).startsWith("HTTP/1.1 403");
            }
            String host = "Host: desk.example";
            assertThat(raw(open.port(), call, host, "Sec-Fetch-Site: cross-site"))
                    .startsWith("HTTP/1.1 403");
            assertThat(raw(open.port(), call, host, "Origin: http://evil.example"))
                    .startsWith("HTTP/1.1 403");
            assertThat(raw(open.port(), call, host, "Origin: http://desk.example"))
                    .startsWith("HTTP/1.1 503");
            assertThat(raw(open.port(), "GET /", "Host: evil.example")).startsWith("HTTP/1.1 200");
        }
    }

    private static GatewayApplication openToAll(String hosts) {
        return GatewayApplication.start(GatewaySettings.from(Map.of(
                "BOOKING_HTTP_HOST",
                "0.0.0.0",
                "BOOKING_HTTP_PORT",
                "0",
                "BOOKING_HTTP_ALLOWED_HOSTS",
                hosts,
                "BOOKING_AUTH_OPEN_TO_ALL",
                "true",
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + FreePorts.any(),
                "BOOKING_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + FreePorts.any() + "/booking")));
    }

    private String raw(String request, String... headers) throws IOException {
        return raw(gateway.port(), request, headers);
    }

    /** The first line of the answer. */
    private static String raw(int port, String request, String... headers) throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            return connection
                    .send(request + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
                    .until("\r\n");
        }
    }

    @Test
    void aNewEventHasNoVersionToExpect() {
        Reply reply =
                client.post("/v1/events", "{\"name\":\"A\",\"date\":\"2027-05-01T20:00:00Z\"}", "If-Match", "\"1\"");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.at("/detail")).contains("If-Match");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index.html",
                "/v1",
                "/v1/events/e1/bookings/b/x",
                "/v2/events",
                "/v1/eventsx",
                "/v1/bookings",
                "/v1/bookings:",
                "/v1/bookings:batchx",
                "/v1/bookingsbatch",
                "/V1/events",
                "//"
            })
    void anUnknownPathIs404(String path) {
        Reply reply = client.get(path);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.at("/reason")).isEqualTo("PATH_NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT    | /v1/events               | GET, HEAD, POST",
                "DELETE | /v1/events               | GET, HEAD, POST",
                "POST   | /v1/events/e1            | GET, HEAD, PATCH",
                "GET    | /v1/events/e1/closure    | POST",
                "HEAD   | /v1/events/e1/closure    | POST",
                "DELETE | /v1/events/e1/bookings   | GET, HEAD, POST",
                "POST   | /v1/events/e1/bookings/b | DELETE, GET, HEAD",
                "DELETE | /v1/events/e1/bookings/b/confirmation | POST",
                "GET    | /v1/events/e1/waitlist   | DELETE, POST",
                "POST   | /v1/users/alice/bookings | GET, HEAD",
                "GET    | /v1/bookings:batch       | POST",
                "PATCH  | /health/live             | GET, HEAD",
                "FOO    | /openapi.yaml            | GET, HEAD",
            })
    void anotherMethodIs405AndTheAllowedOnesAreTold(String method, String path, String allowed) {
        Reply reply = client.send(method, path, null);

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).contains(allowed);
        if (!method.equals("HEAD")) {
            assertThat(reply.at("/reason")).isEqualTo("METHOD_NOT_ALLOWED");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/openapi.yaml",
                "/health/live",
                "/v1/events",
                "/v1/events?limit=0",
                "/v1/stream",
                "/nowhere"
            })
    void headIsAnsweredAsGetIsButForTheBody(String path) throws IOException {
        String rest = " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        String answer;
        try (RawConnection head = new RawConnection(gateway.port())) {
            answer = head.send("HEAD" + rest).untilClosed();
        }
        assertThat(answer).startsWith("HTTP/1.1 ").containsIgnoringCase("\r\ncontent-length: ");
        // Not before: it would be cut while the other waits for the database, which is away.
        try (RawConnection get = new RawConnection(gateway.port())) {
            assertThat(undated(get.send("GET" + rest).until("\r\n\r\n"))).isEqualTo(undated(answer));
        }
    }

    private static String undated(String head) {
        return head.replaceAll("(?i)\r\ndate: [^\r]+", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health/live HTTP/1.1¶Host: localhost¶¶",
                "GET /nowhere HTTP/1.0¶¶",
                "GET v1 HTTP/1.1¶Host: localhost¶¶",
                "POST /v1/events HTTP/1.1¶Host: localhost¶Transfer-Encoding: gzip¶¶",
                "nonsense¶¶"
            })
    void everyAnswerSaysWhenItWasGiven(String request) throws IOException {
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try (RawConnection connection = new RawConnection(gateway.port())) {
            String head = connection.send(request.replace("¶", "\r\n")).until("\r\n\r\n");

            Matcher date = DATE.matcher(head);
            assertThat(date.find()).as(head).isTrue();
            assertThat(ZonedDateTime.parse(date.group(1), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant())
                    .isBetween(before, Instant.now());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPTIONS *                     | 405",
                "CONNECT localhost:80          | 405",
                "CONNECT /v1/events            | 405",
                "GET \\v1                     | 400",
                "GET v1                        | 400",
                "GET *                         | 400",
                "GET ?limit=1                  | 400",
                "GET http:///v1/events         | 400",
                "OPTIONS v1                    | 400",
                "GET http://localhost/v1/events| 503",
                "GET HTTP://localhost/nowhere  | 404",
                "GET http://localhost          | 200",
            })
    void whatIsForNoPathIsRefusedAndAWholeUrlIsTaken(String request, int status) throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            String answer = connection
                    .send(request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .untilClosed();

            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
            if (status != 200) {
                assertThat(answer).contains("application/problem+json");
            }
            if (status == 405) {
                assertThat(answer).containsIgnoringCase("\r\nallow: DELETE, GET, HEAD, PATCH, POST\r\n");
            }
        }
    }

    @Test
    void aRequestSaysOnceWhichHostItIsFor() throws IOException {
        assertThat(raw("GET /health/live", "Accept: */*")).startsWith("HTTP/1.1 400");
        assertThat(raw("GET /health/live", "Host: localhost", "Host: localhost"))
                .startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
                "application/json; charset=iso-8859-1",
                "application/jsonx",
                "application/json; charset=\"",
                "nonsense",
                ";"
            })
    void anotherContentTypeIs415(String contentType) {
        Reply reply = Client.send(HttpRequest.newBuilder(client.uri(BOOKINGS))
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(VALID))
                .build());

        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.at("/detail")).contains("application/json");
    }

    @Test
    void noContentTypeIs415() {
        Reply reply = Client.send(HttpRequest.newBuilder(client.uri(BOOKINGS))
                .POST(BodyPublishers.ofString(VALID))
                .build());

        assertThat(reply.status()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Application/JSON; charset=UTF-8",
                "application/json;charset=\"utf-8\"",
                "application/json ; charset=utf-8 ; x=\""
            })
    void jsonWithItsCharsetIsTaken(String contentType) {
        // What else is broken in the headers is nobody's business here.
        Reply reply = Client.send(HttpRequest.newBuilder(client.uri(BOOKINGS))
                .header("Content-Type", contentType)
                .header("Accept", "a/b, c/d; x=\"")
                .POST(BodyPublishers.ofString(VALID))
                .build());

        assertThat(reply.status()).isEqualTo(503);
    }

    @Test
    void aBodyOf16KiBIsReadAndOneByteMoreIs413() {
        assertThat(client.post(BOOKINGS, bodyOf(16 * 1024)).status()).isEqualTo(503);
        assertThat(client.post(BOOKINGS, bodyOf(16 * 1024 + 1)).status()).isEqualTo(413);
    }

    @Test
    void aChunkedBodyOf16KiBIsReadAndOneByteMoreIs413() {
        assertThat(chunked(bodyOf(16 * 1024)).status()).isEqualTo(503);
        Reply tooLarge = chunked(bodyOf(16 * 1024 + 1));
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(tooLarge.at("/reason")).isEqualTo("BODY_TOO_LARGE");
    }

    @Test
    void anEndlessChunkedBodyIsToldAndThenCut() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(head("Transfer-Encoding: chunked"));
            String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
            for (int i = 0; i < 6; i++) {
                connection.send(chunk);
            }
            assertThat(connection.until("\r\n")).startsWith("HTTP/1.1 413");
            connection.trickleUntilCut(chunk, Duration.ofMillis(100));
        }
    }

    @Test
    void aDeclaredLengthThatIsTooLargeIsToldBeforeTheBodyIsSent() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(head("Content-Length: 1000000000", "Expect: 100-continue"));

            assertThat(connection.until("\r\n")).startsWith("HTTP/1.1 413");
        }
    }

    /** One that is reset while it sends would not see the answer. */
    @Test
    void whoSendsABodyThatIsTooLargeMaySendAllOfIt() throws IOException {
        int length = 4_000_000;
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("POST " + BOOKINGS
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + length
                    + "\r\n\r\n");
            assertThat(connection.until("\r\n\r\n")).startsWith("HTTP/1.1 413");

            connection.send("x".repeat(length));

            assertThat(connection.untilClosed()).contains("BODY_TOO_LARGE");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding:",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked¶Transfer-Encoding: identity",
                "Transfer-Encoding: identity¶Transfer-Encoding: chunked"
            })
    void aBodyWhoseEndIsNotClearIsRefusedAndNothingThatFollowsIsAnswered(String coding) throws IOException {
        String chunks = Integer.toHexString(VALID.length()) + "¶" + VALID + "¶0¶¶";
        assertOnlyAnswer("HTTP/1.1 400", coding + "¶¶" + chunks);
        assertOnlyAnswer("HTTP/1.1 400", coding + "¶Content-Length: " + VALID.length() + "¶¶" + VALID);
    }

    @Test
    void nothingThatFollowsABodyThatIsTooLargeIsAnswered() throws IOException {
        String body = bodyOf(16 * 1024 + 1);
        assertOnlyAnswer("HTTP/1.1 413", "Content-Length: " + body.length() + "¶¶" + body);
        assertOnlyAnswer(
                "HTTP/1.1 413",
                "Transfer-Encoding: chunked¶¶" + Integer.toHexString(body.length()) + "¶" + body + "¶0¶¶");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "close",
                "keep-alive, close",
                "CLOSE,Keep-Alive",
                "x , close",
                "keep-alive,\tclose",
                "keep-alive¶Connection: close",
                "close, x¶Connection: keep-alive"
            })
    void nothingThatFollowsWhatIsSaidToBeTheLastRequestIsAnswered(String connection) throws IOException {
        String valid = "Content-Length: " + VALID.length() + "¶¶" + VALID;
        assertOnlyAnswer("HTTP/1.1 503", "Connection: " + connection + "¶" + valid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: a b\r\n", "Host: localhost:port\r\n", "Host: localhost\r\nHost: localhost\r\n"})
    void nothingThatFollowsARequestForNoHostIsAnswered(String host) throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            String live = "GET /health/live HTTP/1.1\r\n";
            connection.send(live + host + "\r\n" + live + "Host: localhost\r\n\r\n");

            assertThat(connection.untilClosed())
                    .startsWith("HTTP/1.1 400")
                    .containsOnlyOnce("HTTP/1.1")
                    .contains("MALFORMED_REQUEST");
        }
    }

    /** Of a request that goes on so, and of another after it. */
    private void assertOnlyAnswer(String answer, String request) throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(("POST " + BOOKINGS + " HTTP/1.1¶Host: localhost¶Content-Type: application/json¶" + request
                            + "GET /health/live HTTP/1.1¶Host: localhost¶¶")
                    .replace("¶", "\r\n"));

            assertThat(connection.untilClosed()).startsWith(answer).containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void whoAsksBeforeSendingTheBodyIsToldToContinue() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(head("Content-Length: " + VALID.length(), "Expect: 100-continue"));
            assertThat(connection.until("\r\n\r\n")).startsWith("HTTP/1.1 100");
            connection.send(VALID);
            assertThat(connection.until("\r\n")).startsWith("HTTP/1.1 503");
        }
    }

    @Test
    void headersThatAreTooLargeAre431() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(9_000) + "\r\n\r\n");

            assertThat(connection.untilClosed())
                    .startsWith("HTTP/1.1 431")
                    .contains("application/problem+json")
                    .contains("HEADERS_TOO_LARGE");
        }
    }

    @Test
    void aHundredHeaderFieldsAreReadAndOneMoreIs431() throws IOException {
        String begun = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n" + "a:\r\n".repeat(99);
        try (RawConnection connection = new RawConnection(gateway.port())) {
            assertThat(connection.send(begun + "\r\n").until("\r\n")).startsWith("HTTP/1.1 200");
        }
        try (RawConnection connection = new RawConnection(gateway.port())) {
            // Its head does not end.
            assertThat(connection.send(begun + "a:\r\n".repeat(2)).untilClosed())
                    .startsWith("HTTP/1.1 431")
                    .contains("HEADERS_TOO_LARGE")
                    .contains("100 header fields");
        }
    }

    @Test
    void fieldsWithoutEndAfterAChunkedBodyAreNoRequest() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(head("Transfer-Encoding: chunked") + Integer.toHexString(VALID.length()) + "\r\n" + VALID
                    + "\r\n0\r\n" + "a:\r\n".repeat(200));
            assertThat(connection.until("\r\n")).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void aPathThatIsTooLongIs414() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("GET /" + "y".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(connection.untilClosed())
                    .matches("(?s)HTTP/1\\.[01] 414 .*")
                    .contains("URI_TOO_LONG");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/events/%zz HTTP/1.1¶Host: localhost¶¶",
                "GET /v1/events/% HTTP/1.1¶Host: localhost¶¶",
                "GET /v1/events?after=%zz HTTP/1.1¶Host: localhost¶¶",
                "nonsense¶¶",
                "GET /v1/events HTTP/1.1¶Host: localhost¶Content-Length: x¶¶",
                "POST /v1/events/e1/bookings HTTP/1.1¶Host: localhost¶Content-Type: application/json¶"
                        + "Transfer-Encoding: chunked¶¶zz¶",
            })
    void whatIsNoHttpIs400(String request) throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            String answer = connection.send(request.replace("¶", "\r\n")).until("\r\n");

            assertThat(answer).matches("HTTP/1\\.[01] 400 .*\\R");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/events/%zz", "/v1/%", "/%4", "/v1/events?after=%zz", "/v1/events?q=100%"})
    void aTargetThatCannotBeDecodedIsToldWhy(String target) throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(connection.untilClosed())
                    .startsWith("HTTP/1.1 400")
                    .contains("MALFORMED_REQUEST")
                    .contains("two hexadecimal digits");
        }
    }

    /** Before it has more fields or bytes than may be. */
    @Test
    void aSlowHeaderIsCut() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("GET /v1/events HTTP/1.1\r\nX: ");

            connection.trickleUntilCut("y", Duration.ofMillis(100));
        }
    }

    @Test
    void aSlowBodyIsCut() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(head("Content-Length: 10000"));

            connection.trickleUntilCut(" ", Duration.ofMillis(100));
        }
    }

    @Test
    void aSlowSecondHeaderOnTheSameConnectionIsCut() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.until("}")).startsWith("HTTP/1.1 200");
            connection.send("GET /v1/events HTTP/1.1\r\nX: ");

            connection.trickleUntilCut("y", Duration.ofMillis(100));
        }
    }

    @Test
    void othersAreServedWhileManyAreSlow() throws IOException {
        RawConnection[] slow = new RawConnection[500];
        try {
            for (int i = 0; i < slow.length; i++) {
                slow[i] = new RawConnection(gateway.port()).send("POST /v1/events HTTP/1.1\r\nHo");
            }
            // None of them has been cut off yet, or so it would be after a while, as each sends nothing more.
            assertThat(client.get("/health/live").status()).isEqualTo(200);
        } finally {
            for (RawConnection connection : slow) {
                if (connection != null) {
                    connection.close();
                }
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            String first = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
            String second = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            connection.send(first + second);

            String answers = connection.untilClosed();
            assertThat(answers.indexOf("HTTP/1.1 200")).isZero();
            assertThat(answers.indexOf("HTTP/1.1 404")).isPositive();
        }
    }

    private Reply chunked(String body) {
        Flow.Publisher<ByteBuffer> pieces =
                BodyPublishers.ofByteArrays(Stream.of(body.substring(0, 10_000), body.substring(10_000))
                        .map(piece -> piece.getBytes(StandardCharsets.UTF_8))
                        .toList());
        return Client.send(HttpRequest.newBuilder(client.uri(BOOKINGS))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.fromPublisher(pieces))
                .build());
    }

    private static String head(String... headers) {
        return "POST " + BOOKINGS + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + String.join("\r\n", headers) + "\r\n\r\n";
    }

    private static String bodyOf(int bytes) {
        String start = "{\"userId\":\"alice\",\"x\":\"";
        return start + "x".repeat(bytes - start.length() - 2) + "\"}";
    }
}
