package booking.boxoffice;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;

/** Somebody with the page open, who minds errors in the console and requests to anybody else. */
final class Visitor implements AutoCloseable {
    static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int MOST_TABS = 40;
    /** The browser's own words about an answer that is no success, or a server that is away: for the page that is news. */
    private static final String NOT_LOADED = "Failed to load resource";

    /** Writes down what somebody hears who does not see the page, and what the stream brings. */
    private static final String LISTENING = """
            window.announced = [];
            window.streamed = '';
            document.addEventListener('readystatechange', () => {
                const announcer = document.getElementById('announcer');
                if (announcer) {
                    new MutationObserver((changes) => changes.forEach(({ addedNodes }) =>
                        addedNodes.forEach((node) => window.announced.push(node.textContent))))
                        .observe(announcer, { childList: true });
                }
            }, { once: true });
            const call = window.fetch;
            window.fetch = async (path, ...more) => {
                const response = await call(path, ...more);
                if (path !== 'v1/stream' || !response.ok) {
                    return response;
                }
                const [mine, theirs] = response.body.tee();
                void (async () => {
                    const reader = mine.pipeThrough(new TextDecoderStream()).getReader();
                    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
                        window.streamed += piece.value;
                    }
                })().catch(() => {});
                return new Response(theirs, { status: response.status, headers: response.headers });
            };
            """;

    private final String url;
    private final BrowserContext context;
    private final Page page;
    private final List<String> errors = new ArrayList<>();
    private final List<String> elsewhere = new ArrayList<>();

    Visitor(String url, Browser browser, Browser.NewContextOptions options) {
        this.url = url;
        context = browser.newContext(options.setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(RunningSystem.PATIENCE_MILLIS);
        context.addInitScript(LISTENING);
        context.onConsoleMessage(this::said);
        context.onWebError(error -> errors.add(error.error()));
        page = context.newPage();
        context.onRequest(request -> {
            if (!request.url().startsWith(url)) {
                elsewhere.add(request.url());
            }
        });
    }

    static Visitor atADesk(RunningSystem system, Browser browser) {
        return new Visitor(system.url(), browser, new Browser.NewContextOptions().setViewportSize(1280, 860));
    }

    static Visitor atNight(RunningSystem system, Browser browser) {
        return new Visitor(
                system.url(),
                browser,
                new Browser.NewContextOptions().setViewportSize(1280, 860).setColorScheme(ColorScheme.DARK));
    }

    static Visitor onAPhone(RunningSystem system, Browser browser) {
        return onAPhone(system, browser, 390);
    }

    /** @param width in pixels of the style sheet; 320 is the least in which WCAG 2.2 (1.4.10) wants pages to fit */
    static Visitor onAPhone(RunningSystem system, Browser browser, int width) {
        return new Visitor(
                system.url(),
                browser,
                new Browser.NewContextOptions()
                        .setViewportSize(width, 844)
                        .setIsMobile(true)
                        .setHasTouch(true));
    }

    /** One more tab of the same browser. */
    Page anotherTab() {
        return context.newPage();
    }

    private void said(ConsoleMessage message) {
        boolean aboutAnAnswer = message.text().startsWith(NOT_LOADED)
                && message.location().matches(Pattern.quote(url) + "(v1/|metrics).*");
        if (message.type().equals("error") && !aboutAnAnswer) {
            errors.add(message.text() + " (" + message.location() + ")");
        }
    }

    /** Opens a view, such as {@code events}, and waits until it is live. */
    Visitor goTo(String view) {
        page.navigate(url + "#/" + view);
        awaitLive();
        return this;
    }

    /** Opens a view of a gateway that wants a key, and gives it one. */
    Visitor enterKey(String view, String key) {
        page.navigate(url + "#/" + view);
        field("Key").fill(key);
        button("Use this key").click();
        awaitLive();
        return this;
    }

    /** Opens an event, under this name. */
    Visitor goToEvent(String eventId, String userId) {
        goTo("events/" + eventId);
        field("Your name").fill(userId);
        return this;
    }

    /** The page's pauses between tries take a twentieth of their time; to be called before the page is opened. */
    Visitor inAHurry() {
        page.addInitScript("""
                const inTime = window.setTimeout;
                window.setTimeout = (work, millis, ...more) =>
                    inTime(work, millis >= 500 && millis <= 10_000 ? millis / 20 : millis, ...more);
                """);
        return this;
    }

    /** Presses the mouse's button there, for the first time or right after another. */
    void press(double x, double y, int clicks) {
        page.mouse().move(x, y);
        page.mouse().down(new Mouse.DownOptions().setClickCount(clicks));
        page.mouse().up(new Mouse.UpOptions().setClickCount(clicks));
    }

    /** What was announced to those who do not see the page. */
    List<String> announced() {
        return ((List<?>) page.evaluate("() => window.announced"))
                .stream().map(String::valueOf).toList();
    }

    /** The users of this event's results as the stream brought them, doubled ones twice. */
    List<String> streamedUsers(String eventId) {
        return ((List<?>) page.evaluate("""
                        (eventId) => [...window.streamed.matchAll(/^event: result\\ndata: (.*)$/gm)]
                            .map(([, json]) => JSON.parse(json))
                            .filter((result) => result.eventId === eventId)
                            .map(({ userId }) => userId)
                        """, eventId))
                .stream().map(String::valueOf).toList();
    }

    /** Presses Tab until this has the focus. */
    void tabTo(Locator wanted) {
        for (int presses = 0; presses < MOST_TABS; presses++) {
            page.keyboard().press("Tab");
            if (wanted.evaluate("element => element === document.activeElement").equals(true)) {
                return;
            }
        }
        throw new AssertionError("Tab does not lead to " + wanted + "; the focus is at "
                + page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)"));
    }

    void awaitLive() {
        assertThat(page.getByTestId("connection")).hasText("Live");
    }

    String url() {
        return url;
    }

    Page page() {
        return page;
    }

    /** The field whose label begins so; a hint may follow. */
    Locator field(String label) {
        return page.getByLabel(Pattern.compile("^\\s*" + label));
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new GetByRoleOptions().setName(name).setExact(true));
    }

    Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING, new GetByRoleOptions().setName(name).setExact(true));
    }

    /** What was answered to the latest try. */
    Locator latestAnswer() {
        return page.locator(".attempt").first();
    }

    /** My bookings of the event that is open. */
    Locator tickets() {
        return page.locator(".ticket");
    }

    /** The card of one booking. */
    Locator card(String bookingId) {
        return page.locator("[data-card='" + bookingId + "']");
    }

    /** The link of an event in the list. */
    Locator link(String eventId) {
        return page.locator("[data-event='" + eventId + "'] a");
    }

    /** Looks at the bookings of somebody. */
    Visitor lookAtBookingsOf(String userId) {
        field("Bookings of").fill(userId);
        button("Show").click();
        return this;
    }

    void assertPlaces(int taken, int held, int free) {
        assertPlaces(String.valueOf(taken), String.valueOf(held), String.valueOf(free));
    }

    /** As they are written, such as 1,000. */
    void assertPlaces(String taken, String held, String free) {
        assertThat(page.getByTestId("availability"))
                .hasText(Pattern.compile("\\s*" + taken + " taken\\s+" + held + " held\\s+" + free + " free\\s*"));
    }

    void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    /** Fails when axe-core finds a violation of WCAG 2.2, level AA, in what is shown now. */
    void assertAccessible(String what) {
        page.evaluate(axe());
        Object found = page.evaluate("""
                async () => (await axe.run(document, {
                    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
                })).violations.map((violation) => violation.id + ': ' + violation.nodes
                    .map((node) => node.html + ' ' + node.failureSummary).join(' | '))
                """);
        Assertions.assertThat((List<?>) found).as(what).isEmpty();
    }

    private static String axe() {
        try (InputStream script = Visitor.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script, "no axe.min.js").readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves, and complains. */
    @Override
    public void close() {
        // Playwright would complain of a request that is still to be routed while the pages close.
        context.pages().forEach(Page::unrouteAll);
        context.unrouteAll();
        context.close();
        Assertions.assertThat(Map.of("errors in the console", errors, "requests to others", elsewhere))
                .allSatisfy((what, list) -> Assertions.assertThat(list).as(what).isEmpty());
    }
}
