package booking.boxoffice;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import booking.boxoffice.RunningSystem.Bustle;
import booking.boxoffice.RunningSystem.Wish;
import booking.embedded.FreePorts;
import booking.gateway.GatewayApplication;
import booking.gateway.access.ApiKey;
import booking.gateway.access.Role;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser, against a system of its own; each test has events of its own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BoxOfficeIT {
    private static final int LAST = Integer.MAX_VALUE;
    /** By its own timers, also while those of the page stand still. */
    private static final Page.WaitForFunctionOptions POLLED = new Page.WaitForFunctionOptions().setPollingInterval(50);

    private static RunningSystem system;
    private static Chromium chromium;

    @BeforeAll
    static void open() {
        chromium = new Chromium();
        try {
            system = new RunningSystem();
        } catch (RuntimeException | Error e) {
            chromium.close();
            throw e;
        }
    }

    @AfterAll
    static void close() {
        chromium.close();
        system.close();
    }

    private static Visitor visitor() {
        return Visitor.atADesk(system, chromium.browser());
    }

    @Test
    void aBookingIsSeenAtOnceByEverybodyWhoHasThePageOpen() {
        String eventId = system.event("Recital", 10);
        try (Visitor alice = visitor().goToEvent(eventId, "alice");
                Visitor bob = visitor().goTo("events")) {
            bob.field("Search events").fill(eventId);
            Locator row = bob.page().locator("[data-event='" + eventId + "']");
            assertThat(row).containsText("0 taken");

            alice.field("Places").fill("3");
            alice.button("Book").click();

            assertThat(alice.latestAnswer()).containsText("Booked: 3 places for alice.");
            assertThat(alice.latestAnswer()).containsText(Pattern.compile("Receipt: partition \\d+, offset \\d+"));
            alice.assertPlaces(3, 0, 7);
            assertThat(row).containsText("3 taken");
            assertThat(row).containsText("7 free");
            assertThat(alice.tickets()).containsText("Confirmed: 3 places");
        }
    }

    @Test
    void aHoldCountsDownAndItsPlacesComeBackWhenItRunsOut() {
        String eventId = system.event("Short hold", 2);
        try (Visitor alice = visitor().goToEvent(eventId, "alice")) {
            alice.field("Hold for").selectOption("10");
            alice.button("Hold").click();

            assertThat(alice.tickets()).containsText(Pattern.compile("0:(10|0\\d) left to confirm"));
            alice.assertPlaces(0, 1, 1);

            assertThat(alice.tickets()).containsText("Ran out");
            alice.assertPlaces(0, 0, 2);
            assertThat(alice.button("Confirm 1 place, Short hold")).hasCount(0);
        }
        assertThat(system.count("SELECT count(*) FROM bookings WHERE event_id = ? AND status = 'EXPIRED'", eventId))
                .isEqualTo(1);
    }

    @Test
    void aHoldCountsDownByTheEnginesClockAlsoWhereTheComputersIsWrong() {
        String eventId = system.event("Wrong clock", 5);
        for (int hours : List.of(-3, 3)) {
            try (Visitor visitor = visitor()) {
                visitor.page()
                        .addInitScript(
                                "const right = Date.now; Date.now = () => right() + %d * 3_600_000;".formatted(hours));
                visitor.goToEvent(eventId, "nina" + hours);
                visitor.button("Hold").click();

                assertThat(visitor.tickets()).containsText(Pattern.compile("place\\s+(10|\\d):\\d\\d left to confirm"));
            }
        }
    }

    @Test
    void aCancelledPlaceGoesToTheFirstInLineAndTheLineMovesUp() {
        String eventId = system.event("Waitlist", 1);
        try (Visitor alice = visitor().goToEvent(eventId, "alice");
                Visitor bob = visitor().goToEvent(eventId, "bob");
                Visitor carol = visitor().goToEvent(eventId, "carol")) {
            alice.button("Book").click();
            alice.assertPlaces(1, 0, 0);
            bob.button("Join the line").click();
            assertThat(bob.tickets()).containsText("1st in line");
            carol.button("Join the line").click();
            assertThat(carol.tickets()).containsText("2nd in line");

            alice.button("Cancel 1 place, Waitlist").click();

            assertThat(bob.tickets()).containsText("On hold");
            assertThat(carol.tickets()).containsText("1st in line");
            bob.button("Confirm 1 place, Waitlist").click();
            assertThat(bob.tickets()).containsText("Confirmed: 1 place");
            bob.assertPlaces(1, 0, 0);
            carol.button("Leave the line, Waitlist").click();
            assertThat(carol.tickets()).hasCount(0);
        }
    }

    @Test
    void ofTwoBrowsersThatWantOnePlaceOneGetsItAndTheOtherIsToldWhyAndWhoWasBefore() {
        String eventId = system.event("One place", 1);
        try (Chromium other = new Chromium();
                Visitor alice = visitor().goToEvent(eventId, "alice");
                Visitor bob = Visitor.atADesk(system, other.browser()).goToEvent(eventId, "bob")) {
            // Without waiting for what becomes of it, so that both are under way together.
            for (Visitor either : List.of(alice, bob)) {
                either.page().evaluate("() => document.querySelector('button[value=book]').click()");
            }

            assertThat(alice.latestAnswer()).hasClass(Pattern.compile("accepted|refused"));
            assertThat(bob.latestAnswer()).hasClass(Pattern.compile("accepted|refused"));
            boolean aliceWon =
                    String.valueOf(alice.latestAnswer().getAttribute("class")).contains("accepted");
            Visitor winner = aliceWon ? alice : bob;
            Visitor loser = aliceWon ? bob : alice;
            assertThat(winner.latestAnswer()).containsText("Booked: 1 place");
            assertThat(loser.latestAnswer()).containsText("The one place of this event is taken.");
            assertThat(loser.latestAnswer()).containsText("ALREADY_BOOKED");
            assertThat(loser.latestAnswer()).containsText(Pattern.compile("Receipt: partition \\d+, offset \\d+"));
            assertThat(loser.latestAnswer())
                    .containsText(Pattern.compile("The place went to (offset|the request right before)"));
            for (Visitor either : List.of(alice, bob)) {
                either.assertPlaces(1, 0, 0);
            }
        }
        assertThat(system.count("SELECT count(*) FROM bookings WHERE event_id = ?", eventId))
                .isEqualTo(1);
    }

    @Test
    void anEventIsMadeChangedAndClosedAndARefusalStandsNextToWhatWasTried() {
        try (Visitor clerk = visitor().goTo("events")) {
            clerk.button("New event").click();
            clerk.field("Name").fill("A night at the opera");
            clerk.field("Venue").fill("opera-" + System.nanoTime());
            clerk.field("Places").last().fill("5");
            clerk.button("Make the event").click();
            assertThat(clerk.heading("A night at the opera")).isFocused();
            clerk.assertPlaces(0, 0, 5);
            clerk.field("Your name").fill("dora");
            clerk.field("Places").fill("4");
            clerk.button("Book").click();
            clerk.assertPlaces(4, 0, 1);

            clerk.button("Change event").click();
            Locator dialog = clerk.page().locator("dialog");
            dialog.getByLabel("Places").fill("3");
            clerk.button("Save changes").click();
            // The announcer stands outside, where nothing is heard while a dialog is open.
            assertThat(dialog.getByRole(AriaRole.STATUS)).containsText("CAPACITY_BELOW_TAKEN");
            assertThat(dialog.locator(".attempt")).containsText("More places than that are taken already.");
            dialog.getByLabel("Places").fill("20");
            String stage = "stage-" + System.nanoTime();
            dialog.getByLabel("Venue").fill(stage);
            dialog.getByLabel("For one person").fill("9");
            clerk.button("Save changes").click();
            clerk.assertPlaces(4, 0, 16);
            assertThat(clerk.page().locator(".event")).containsText(stage);
            assertThat(clerk.page().locator(".event")).containsText("At most 9 for one person.");

            clerk.button("Change event").click();
            for (String cannotBeTakenAway : List.of("For one person", "Venue")) {
                Locator field = dialog.getByLabel(cannotBeTakenAway);
                String before = field.inputValue();
                field.fill("");
                clerk.button("Save changes").click();
                assertThat(field).isFocused();
                field.fill(before);
            }
            clerk.button("Never mind").click();

            clerk.button("Close event").click();
            clerk.button("Close the event").click();
            assertThat(clerk.page().locator(".event .tag")).hasText("Closed");
            // The button that was pressed is good for nothing now.
            assertOffersNothingMore(clerk);
            assertThat(clerk.heading("A night at the opera")).isFocused();
            clerk.screenshot("closed");
        }
    }

    @Test
    void anEventThatSomebodyElseClosesSaysSoEverywhereAndOffersOnlyWhatNeedNotBeRefused() {
        String eventId = system.event("Last night", 1);
        String name = "ruth-" + System.nanoTime();
        try (Visitor clerk = visitor().goTo("events/" + eventId);
                Visitor holder = visitor().goToEvent(eventId, name);
                Visitor waiter = visitor().goToEvent(eventId, "w-" + name);
                Visitor unanswered = visitor().inAHurry().goToEvent(eventId, "u-" + name);
                Visitor unaware = visitor()) {
            unaware.page().route("**/v1/stream", Route::abort);
            unaware.page().navigate(unaware.url() + "#/events/" + eventId);
            unaware.field("Your name").fill("una-" + name);
            unanswered.page().route("**/bookings", Route::abort);
            unanswered.button("Book").click();
            assertThat(unanswered.latestAnswer()).hasClass(Pattern.compile("unanswered"));
            holder.button("Hold").click();
            assertThat(holder.tickets()).containsText("left to confirm");
            waiter.button("Join the line").click();
            assertThat(waiter.tickets()).containsText("A place that comes free is held for you.");
            holder.field("Places").focus();

            clerk.button("Close event").click();
            clerk.button("Close the event").click();

            for (Visitor visitor : List.of(clerk, holder, waiter)) {
                assertOffersNothingMore(visitor);
            }
            // The field that the holder was in is gone.
            assertThat(holder.heading("Last night")).isFocused();
            holder.button("Confirm 1 place, Last night").click();
            assertThat(holder.tickets()).containsText("Confirmed: 1 place");
            assertThat(waiter.tickets()).containsText("no more places are held for those who wait");
            waiter.button("Leave the line, Last night").click();
            assertThat(waiter.tickets()).hasCount(0);

            // What may have arrived can be asked for again.
            assertThat(unanswered.page().getByRole(AriaRole.STATUS)).containsText("The event is closed");
            unanswered.page().unroute("**/bookings");
            for (Visitor visitor : List.of(unanswered, unaware)) {
                visitor.button("Book").click();
                assertThat(visitor.latestAnswer()).containsText("EVENT_CLOSED");
                assertThat(visitor.latestAnswer()).containsText("The event is closed and takes no further bookings.");
                assertOffersNothingMore(visitor);
            }
        }
        assertThat(system.count("SELECT count(*) FROM bookings WHERE event_id = ?", eventId))
                .isEqualTo(1);
    }

    private static void assertOffersNothingMore(Visitor visitor) {
        assertThat(visitor.page().locator(".event .tag")).hasText("Closed");
        assertThat(visitor.page().getByRole(AriaRole.STATUS))
                .containsText("The event is closed and takes no further bookings.");
        for (String button : List.of("Book", "Hold", "Join the line")) {
            assertThat(visitor.button(button)).hasCount(0);
        }
        assertThat(visitor.button("Close event")).isDisabled();
    }

    @Test
    void anEventIsChangedWhileItSellsAndNobodysChangeIsLostUnseen() {
        String eventId = system.event("Selling", 50);
        try (Visitor clerk = visitor().goTo("events/" + eventId)) {
            clerk.button("Change event").click();
            Locator dialog = clerk.page().locator("dialog");
            // Each booking is another version of the event.
            system.book(eventId, "somebody", 1);
            clerk.assertPlaces(1, 0, 49);
            dialog.getByLabel("Places").fill("60");
            clerk.button("Save changes").click();
            assertThat(dialog).hasCount(0);
            clerk.assertPlaces(1, 0, 59);

            clerk.button("Change event").click();
            dialog.getByLabel("Places").fill("70");
            system.changeEvent(eventId, "Sold by another", 65);
            clerk.button("Save changes").click();
            assertThat(dialog)
                    .containsText("Somebody else has changed this meanwhile: the number of places is 65 now.");
            clerk.assertPlaces(1, 0, 64);
            clerk.screenshot("clash");
            clerk.button("Save changes").click();
            assertThat(dialog).hasCount(0);
            clerk.assertPlaces(1, 0, 69);
            // What was not touched here stays as the other one has made it.
            assertThat(clerk.heading("Sold by another")).isVisible();
        }
    }

    @Test
    void whatTheEngineOrABrowserCannotTakeIsSaidInTheForm() {
        try (Visitor clerk = visitor().goTo("events")) {
            clerk.button("New event").click();
            clerk.field("Name").fill("The far future");
            Locator date = clerk.page().getByLabel(Pattern.compile("^\\s*Date and time"));
            date.evaluate("input => { input.value = '20270-05-01T20:00'; }");
            clerk.button("Make the event").click();
            assertThat(date).isFocused();
            date.fill("2027-05-01T20:00");
            Locator id = clerk.page().getByLabel(Pattern.compile("^\\s*Id"));
            id.fill("..");
            clerk.button("Make the event").click();
            assertThat(id).isFocused();
            assertThat(clerk.page().locator("dialog .attempt")).hasCount(0);
            clerk.button("Never mind").click();

            clerk.page().navigate(clerk.url() + "#/events/%2E%2E");
            assertThat(clerk.page().locator(".detail")).containsText("A browser cannot ask for this");
        }
    }

    @Test
    void whoClosesAFormEarlyGoesNowhereAndIsToldAllTheSame() {
        AtomicReference<Route> held = new AtomicReference<>();
        try (Visitor clerk = visitor().goTo("events")) {
            clerk.page().route("**/v1/events", route -> held.set(route));
            clerk.button("New event").click();
            clerk.field("Name").fill("Left early");
            clerk.field("Venue").fill("early-" + System.nanoTime());
            clerk.page()
                    .waitForRequest(
                            "**/v1/events", () -> clerk.button("Make the event").click());
            clerk.page().keyboard().press("Escape");
            assertThat(clerk.page().locator("dialog")).hasCount(0);
            assertThat(clerk.button("New event")).isFocused();

            Objects.requireNonNull(held.get()).resume();

            assertThat(clerk.page().locator(".finder .attempt")).containsText("Make “Left early”");
            assertThat(clerk.page().locator(".finder .attempt")).containsText("The event is there.");
            assertThat(clerk.page()).hasURL(Pattern.compile("#/events$"));
        }
    }

    @Test
    void timesAreToldInTheZoneThatIsNamed() {
        String eventId = system.event("Faraway", 1);
        try (Visitor visitor = new Visitor(
                system.url(), chromium.browser(), new Browser.NewContextOptions().setTimezoneId("Asia/Tokyo"))) {
            visitor.goTo("events/" + eventId);
            assertThat(visitor.page().locator(".event .where")).containsText("Sun, May 2, 2027, 04:30 GMT+9");
            visitor.button("Change event").click();
            assertThat(visitor.page().getByLabel(Pattern.compile("^\\s*Date and time")))
                    .hasValue("2027-05-02T04:30");
            assertThat(visitor.page().locator("dialog")).containsText("Asia/Tokyo");
        }
    }

    @Test
    void myBookingsFollowMeFromPageToPage() {
        String eventId = system.event("Matinee", 5);
        String name = "erin-" + System.nanoTime();
        try (Visitor here = visitor().goTo("bookings")) {
            here.lookAtBookingsOf(name);
            assertThat(here.page().getByText("0 bookings and 0 places in line."))
                    .isVisible();

            system.book(eventId, name, 2);

            assertThat(here.page().getByText("1 booking and 0 places in line.")).isVisible();
            assertThat(here.tickets()).containsText("Confirmed: 2 places");
            here.screenshot("bookings");
            here.page().locator(".ticket button").click();
            assertThat(here.tickets()).containsText("Cancelled; the places are free again.");
            assertThat(here.page().getByText("0 bookings and 0 places in line."))
                    .isVisible();
            here.page().reload();
            assertThat(here.heading("Over")).isVisible();
            assertThat(here.tickets()).containsText("Cancelled");
        }
    }

    @Test
    void whoIsAtTheButtonOfABookingStaysAtItWhenAnotherBookingComesAndWhenItIsPressed() {
        String eventId = system.event("Newcomer", 9);
        String name = "kim-" + System.nanoTime();
        String first = system.book(eventId, name, 2);
        try (Visitor kim = visitor().goTo("bookings").lookAtBookingsOf(name)) {
            Locator cancel = kim.button("Cancel 2 places, Newcomer");
            cancel.focus();

            String second = system.book(eventId, name, 1);

            assertThat(kim.card(second)).isVisible();
            assertThat(kim.card(first).locator("button")).isFocused();
            kim.page().keyboard().press("Enter");
            assertThat(kim.card(first)).containsText("Cancelled");
            assertThat(kim.card(first)).isFocused();
            assertThat(kim.card(second)).containsText("Confirmed");
        }
    }

    @Test
    void tabGoesFromEachEventToTheNextAlsoFromOneThatWasScrolledAway() {
        List<String> eventIds =
                IntStream.range(0, 40).mapToObj(i -> "row-%02d".formatted(i)).toList();
        assertThat(eventIds.stream()
                        .map(eventId -> system.eventLater(eventId, "Row " + eventId, 1))
                        .toList())
                .allMatch(CompletableFuture::join);
        try (Visitor visitor = visitor().goTo("events")) {
            visitor.field("Search events").fill("row-");
            assertThat(visitor.page().locator("#events-count")).hasText("40 events");
            visitor.link("row-00").focus();
            for (String eventId : eventIds.subList(1, 30)) {
                visitor.page().keyboard().press("Tab");
                assertThat(visitor.link(eventId)).isFocused();
            }

            visitor.page().evaluate("() => document.getElementById('rows').scrollTo(0, 0)");
            assertThat(visitor.link("row-00")).isVisible();
            assertThat(visitor.link("row-29")).isFocused();
            visitor.page().keyboard().press("Tab");
            assertThat(visitor.link("row-30")).isFocused();
        }
    }

    @Test
    void myBookingsAreUpToDateAlsoWhileTheEventChangesAllTheTime() {
        String eventId = system.event("Bustle", 1_000_000);
        String name = "vera-" + System.nanoTime();
        String held = system.hold(eventId, name, 1);
        try (Visitor vera = visitor().goTo("bookings").lookAtBookingsOf(name)) {
            assertThat(vera.card(held)).containsText("On hold");
            try (Bustle bustle = system.bustle(eventId)) {
                assertThat(vera.page().locator("#main")).containsText("1 booking and 0 places in line.");
                String booked = system.book(eventId, name, 3);

                assertThat(vera.card(booked)).containsText("Confirmed: 3 places");
                bustle.assertStillGoingOn();
            }
        }
    }

    @Test
    void whatChangesOftenIsNotReadEachTime() {
        String eventId = system.event("Often", 100);
        String name = "wim-" + System.nanoTime();
        system.hold(eventId, name, 1);
        AtomicInteger reads = new AtomicInteger();
        try (Visitor visitor = visitor()) {
            visitor.page().clock().install();
            visitor.goTo("bookings").lookAtBookingsOf(name);
            assertThat(visitor.tickets()).containsText("On hold");
            // Not so far that the stream would seem to be dead.
            Number now = (Number) visitor.page().evaluate("() => Date.now()");
            visitor.page().clock().pauseAt(now.longValue() + 10_000);
            visitor.page().onRequest(request -> {
                if (request.url().contains(name + "/bookings")) {
                    reads.incrementAndGet();
                }
            });
            for (int change = 1; change <= 12; change++) {
                system.book(eventId, "guest-" + change, 1);
                int seen = change;
                Awaitility.await("the stream")
                        .atMost(RunningSystem.PATIENCE)
                        .until(() -> visitor.streamedUsers(eventId).size() == seen);
                visitor.page().clock().runFor(250);
            }
            // In three seconds.
            assertThat(reads).hasValueBetween(1, 4);

            Object done = visitor.page().evaluate("""
                    async () => {
                        const base = document.querySelector('script[type=module]').src.replace('main.js', '');
                        const { Throttle } = await import(base + 'retry.js');
                        window.done = 0;
                        window.throttle = new Throttle(() => { window.done++; }, 1_000);
                        for (let gap = 0; gap < 24; gap++) {
                            window.throttle.ask();
                        }
                        return window.done;
                    }
                    """);
            assertThat(done).isEqualTo(1);
            visitor.page().clock().runFor(1_000);
            visitor.page().waitForFunction("() => window.done === 2", null, POLLED);
            visitor.page().clock().runFor(5_000);
            assertThat(visitor.page().evaluate("() => window.done")).isEqualTo(2);
        }
    }

    @Test
    void bookingsThatAreNotForWhoeverAsksAreNotAskedForAgain(@TempDir Path directory) throws IOException {
        String eventId = system.event("Not for guests", 100);
        String key = ApiKey.newText();
        AtomicInteger reads = new AtomicInteger();
        try (GatewayApplication locked = lockedGateway(directory, key, "judy");
                Visitor visitor = visitorOf(locked)) {
            visitor.page().clock().install();
            visitor.page().onRequest(request -> {
                if (request.url().contains("/v1/users/guest-")) {
                    reads.incrementAndGet();
                }
            });
            visitor.enterKey("events/" + eventId, key);
            for (int change = 1; change <= 10; change++) {
                system.book(eventId, "somebody", 1);
                visitor.assertPlaces(change, 0, 100 - change);
                visitor.page().clock().runFor(1_500);
            }
            // One for the view, one for the key, one for the stream; and one that came too soon after another.
            assertThat(reads).hasValueBetween(1, 5);
            visitor.field("Your name").fill("judy");
            visitor.button("Book").click();
            assertThat(visitor.tickets()).containsText("Confirmed: 1 place");
        }
    }

    @Test
    void whoComesBackToTheListFindsItAsItWas() {
        List<String> eventIds =
                IntStream.range(0, 60).mapToObj(i -> "back-%02d".formatted(i)).toList();
        assertThat(eventIds.stream()
                        .map(eventId -> system.eventLater(eventId, "Back " + eventId, 1))
                        .toList())
                .allMatch(CompletableFuture::join);
        try (Visitor desk = visitor();
                Visitor phone = Visitor.onAPhone(system, chromium.browser())) {
            for (Visitor visitor : List.of(desk, phone)) {
                visitor.goTo("events");
                visitor.field("Search events").fill("back-");
                assertThat(visitor.page().locator("#events-count")).hasText("60 events");
                visitor.page().evaluate("() => document.getElementById('rows').scrollTo(0, 76 * 30)");
                assertThat(visitor.link("back-31")).isInViewport();

                visitor.page().getByText("My bookings").click();
                assertThat(visitor.heading("My bookings")).isVisible();
                visitor.page()
                        .getByText("Events", new Page.GetByTextOptions().setExact(true))
                        .first()
                        .click();

                assertThat(visitor.field("Search events")).hasValue("back-");
                assertThat(visitor.link("back-31")).isInViewport();
                visitor.link("back-31").click();
                assertThat(visitor.heading("Back back-31")).isVisible();
                visitor.page().navigate(visitor.url() + "#/events");
                assertThat(visitor.link("back-31")).isInViewport();
                // Another search is another list.
                visitor.field("Search events").fill("back");
                assertThat(visitor.link("back-00")).isInViewport();
            }
        }
    }

    @Test
    void anEventThatComesWhileTheListIsReadIsInIt() {
        String eventId = "--first-" + UUID.randomUUID();
        AtomicReference<Route> held = new AtomicReference<>();
        AtomicReference<APIResponse> before = new AtomicReference<>();
        try (Visitor visitor = visitor()) {
            // Each answer is that of before.
            visitor.page().route("**/v1/events?**", route -> {
                if (before.compareAndSet(null, route.fetch())) {
                    held.set(route);
                } else {
                    route.resume();
                }
            });
            visitor.goTo("events");
            Awaitility.await("the list is being read")
                    .atMost(RunningSystem.PATIENCE)
                    .until(() -> {
                        // Routes are served while the page is asked something.
                        visitor.page().evaluate("() => 0");
                        return held.get() != null;
                    });
            system.event(eventId, "The first of all", 1);
            visitor.page().waitForFunction("(id) => window.streamed.includes(id)", eventId);

            Objects.requireNonNull(held.get())
                    .fulfill(new Route.FulfillOptions().setResponse(Objects.requireNonNull(before.get())));

            assertThat(visitor.link(eventId)).isVisible();
        }
    }

    @Test
    void theRushEndsWithOneWinnerAndThePageTheApiAndTheTablesAgree() {
        try (Visitor visitor = visitor().goTo("rush")) {
            visitor.field("Crowd").fill("500");
            visitor.button("Start the rush").click();
            Locator verdict = visitor.page().getByTestId("verdict");
            // In the middle of it, to look at.
            visitor.page()
                    .waitForFunction("() => Number(document.querySelector('.verdict.running')?.textContent"
                            + ".match(/(\\d+) of/)?.[1] ?? 0) > 200 || document.querySelector('.verdict.over')");
            visitor.screenshot("rush");

            assertThat(verdict).containsText("1 of 500 got a place");
            assertThat(verdict).containsText("499 were refused");
            assertThat(verdict).containsText("in the order of the log");
            assertThat(verdict).containsText("The tables agree: 1 booking of this crowd, 1 place taken in all.");
            Locator winner = visitor.page().getByTestId("winners").locator("li");
            assertThat(winner).hasCount(1);
            assertThat(winner).containsText("1st in line: got a place");
            assertThat(visitor.page()
                            .getByText("the last place went to the 1st")
                            .first())
                    .isVisible();
            assertThat(visitor.page().locator(".lanes li")).hasCount(1);
            assertThat(visitor.page().locator(".lanes li")).containsText("500 requests, 500 decided, 1 winner");
            visitor.screenshot("rush-over");

            String eventId =
                    visitor.page().locator(".feeds a").getAttribute("href").replace("#/events/", "");
            assertThat(system.get("/v1/events/" + eventId + "/bookings")
                            .get("bookings")
                            .get(0)
                            .get("userId")
                            .asString())
                    .isEqualTo(winner.locator(".who").textContent());
            assertThat(system.get("/v1/events/" + eventId)
                            .at("/event/confirmed")
                            .asInt())
                    .isEqualTo(1);
            assertThat(system.count("SELECT count(*) FROM bookings WHERE event_id = ?", eventId))
                    .isEqualTo(1);
            assertThat(system.count("SELECT confirmed FROM events WHERE id = ?", eventId))
                    .isEqualTo(1);
        }
    }

    @Test
    void aRushForSeveralEventsHasALineForEachPartition() {
        try (Visitor visitor = visitor().goTo("rush")) {
            visitor.field("New events").fill("4");
            visitor.field("Places in each").fill("2");
            visitor.field("Crowd").fill("60");
            visitor.button("Start the rush").click();

            Locator verdict = visitor.page().getByTestId("verdict");
            assertThat(verdict).containsText("8 of 60 got a place");
            assertThat(verdict).containsText("The tables agree: 8 bookings of this crowd, 8 places taken in all.");
            assertThat(visitor.page().locator(".lanes li").count()).isBetween(2, 4);
        }
    }

    @Test
    void theLastPlaceThatARushTellsOfIsThatOfTheSameEvent() {
        // More events than partitions, so that some stand in one line.
        List<String> eventIds = IntStream.range(0, 13)
                .mapToObj(i -> system.event("Shared line " + i, 1 + i % 2))
                .toList();
        try (Visitor visitor = visitor().goTo("events")) {
            assertRanksAreThoseOfTheLog(rush(visitor, eventIds, 65, true), 65);
        }
    }

    @Test
    void aRushWhoseResultsHadToBeAskedForIsRankedByTheLogToo() {
        String eventId = system.event("Asked for", 1);
        AtomicReference<Route> first = new AtomicReference<>();
        AtomicInteger others = new AtomicInteger();
        try (Visitor visitor = visitor().goTo("events")) {
            // The first to be sent comes last, so that the log has another order than the asking.
            visitor.page().route("**/bookings", route -> {
                if (first.compareAndSet(null, route)) {
                    return;
                }
                route.fulfill(new Route.FulfillOptions().setResponse(route.fetch()));
                if (others.incrementAndGet() == 4) {
                    Objects.requireNonNull(first.get()).resume();
                }
            });
            assertRanksAreThoseOfTheLog(rush(visitor, List.of(eventId), 5, false), 5);
        }
    }

    @Test
    void whoseRequestInARushHadToBeSentAgainStandsWhereTheFirstOfThemDoes() {
        String eventId = system.event("Sent again", 1);
        AtomicReference<Route> first = new AtomicReference<>();
        AtomicInteger others = new AtomicInteger();
        try (Visitor visitor = visitor().goTo("events")) {
            // The first of all arrives and its answer does not; it is sent again behind the others.
            visitor.page().route("**/bookings", route -> {
                var answer = route.fetch();
                if (first.compareAndSet(null, route)) {
                    return;
                }
                route.fulfill(new Route.FulfillOptions().setResponse(answer));
                if (others.incrementAndGet() == 4) {
                    Objects.requireNonNull(first.get()).abort();
                }
            });
            List<?> told = rush(visitor, List.of(eventId), 5, false);
            assertRanksAreThoseOfTheLog(told, 5);
            assertThat(others).hasValueGreaterThan(4);
        }
    }

    @Test
    void aRushThatIsClosedDoesNotSayThatTheLastPlaceWentToSomebody() {
        String eventId = system.event("Closing time", 1_000);
        AtomicInteger sent = new AtomicInteger();
        try (Visitor visitor = visitor().goTo("rush")) {
            // The sixth is sent when one of the first five has its place in the log.
            visitor.page().route("**/bookings", route -> {
                if (route.request().method().equals("POST") && sent.incrementAndGet() == 6) {
                    system.closeEvent(eventId);
                }
                route.resume();
            });
            visitor.field("For event").fill(eventId);
            visitor.field("Crowd").fill("20");
            visitor.button("Start the rush").click();

            assertThat(visitor.page().getByTestId("verdict")).containsText("The tables agree");
            Locator feed = visitor.page().locator(".feeds section").last();
            assertThat(feed).containsText("in line. The event is closed and takes no further bookings.");
            assertThat(feed).not().containsText("last place");
        }
    }

    /** Lets the page's own parts rush, with its stream or without, and gives what it would tell of each of the crowd. */
    private static List<?> rush(Visitor visitor, List<String> eventIds, int crowd, boolean withStream) {
        return (List<?>) visitor.page().evaluate("""
                        async ([eventIds, crowd, withStream]) => {
                            const base = document.querySelector('script[type=module]').src.replace('main.js', '');
                            const { Keyring } = await import(base + 'keyring.js');
                            const { Gateway } = await import(base + 'gateway.js');
                            const { EventStream } = await import(base + 'event-stream.js');
                            const { Rush } = await import(base + 'rush.js');
                            const keyring = new Keyring(async () => undefined, () => {});
                            const gateway = new Gateway(keyring);
                            const rush = new Rush(gateway, () => {});
                            if (withStream) {
                                await new Promise((connected) => {
                                    const stream = new EventStream(gateway, keyring, {
                                        onResult: (result) => rush.decide(result),
                                        onAvailability: () => {},
                                        onMissed: () => {},
                                        onState: () => {},
                                        onConnection: connected,
                                    });
                                    void stream.run();
                                });
                            }
                            await rush.run(eventIds, crowd);
                            return rush.requests.map((request) => {
                                const last = rush.lastWinnerBefore(request);
                                return {
                                    eventId: request.eventId,
                                    won: request.result.outcome === 'ACCEPTED',
                                    partition: request.result.position.partition,
                                    offset: request.result.position.offset,
                                    rank: rush.rank(request),
                                    lastWinner: last ? rush.rank(last) : 0,
                                    outOfOrder: rush.outOfOrder,
                                };
                            });
                        }
                        """, List.of(eventIds, crowd, withStream));
    }

    private static void assertRanksAreThoseOfTheLog(List<?> told, int crowd) {
        List<Map<?, ?>> log = told.stream()
                .<Map<?, ?>>map(request -> (Map<?, ?>) request)
                .sorted(Comparator.comparing((Map<?, ?> request) -> (Integer) request.get("partition"))
                        .thenComparing(request -> (Integer) request.get("offset")))
                .toList();
        assertThat(log).hasSize(crowd);
        Map<Object, Integer> length = new HashMap<>();
        Map<Object, Integer> lastWinner = new HashMap<>();
        for (Map<?, ?> request : log) {
            int rank = length.merge(request.get("partition"), 1, Integer::sum);
            assertThat(request.get("rank")).as("rank of %s", request).isEqualTo(rank);
            assertThat(request.get("lastWinner"))
                    .as("last winner before %s", request)
                    .isEqualTo(lastWinner.getOrDefault(request.get("eventId"), 0));
            assertThat(request.get("outOfOrder")).isEqualTo(0);
            if (Boolean.TRUE.equals(request.get("won"))) {
                lastWinner.put(request.get("eventId"), rank);
            }
        }
    }

    @Test
    void aRushThatIsStartedTwiceAtOnceIsOne() {
        Map<String, Integer> posts = new ConcurrentHashMap<>();
        try (Visitor visitor = visitor().goTo("rush")) {
            visitor.page().onRequest(request -> {
                if (request.method().equals("POST")) {
                    posts.merge(request.url().replaceAll(".*/", ""), 1, Integer::sum);
                }
            });
            visitor.field("Crowd").fill("20");
            visitor.button("Start the rush").evaluate("button => { button.click(); button.click(); }");

            Locator verdict = visitor.page().getByTestId("verdict");
            assertThat(verdict).containsText("1 of 20 got a place");
            assertThat(posts).isEqualTo(Map.of("events", 1, "bookings", 20));

            // And when it is over, another one begins with nothing of it.
            visitor.field("Crowd").fill("10");
            visitor.button("Start the rush").click();
            assertThat(verdict).containsText("1 of 10 got a place");
            assertThat(verdict).containsText("The tables agree: 1 booking of this crowd, 1 place taken in all.");
            assertThat(posts).isEqualTo(Map.of("events", 2, "bookings", 30));
        }
    }

    @Test
    void theSecondPressOfADoubleClickOrOfAKeyThatIsHeldDownIsForNothingElse() {
        String eventId = system.event("Double click", 10);
        String name = "dan-" + System.nanoTime();
        try (Visitor visitor = visitor().goToEvent(eventId, name)) {
            BoundingBox book = visitor.button("Book").boundingBox();
            visitor.press(book.x + 20, book.y + 10, 1);
            visitor.assertPlaces(1, 0, 9);
            visitor.press(book.x + 20, book.y + 10, 2);
            visitor.button("Hold").click();
            visitor.assertPlaces(1, 1, 8);

            Locator confirming = visitor.button("Confirm 1 place, Double click");
            confirming.scrollIntoViewIfNeeded();
            BoundingBox confirm = confirming.boundingBox();
            visitor.press(confirm.x + 20, confirm.y + 10, 1);
            visitor.assertPlaces(2, 0, 8);
            assertThat(visitor.tickets().first()).containsText("Confirmed");
            // Also who presses again much later cancels nothing.
            visitor.press(confirm.x + 20, confirm.y + 10, 1);

            visitor.field("Your name").focus();
            visitor.page().keyboard().down("Enter");
            visitor.assertPlaces(3, 0, 7);
            visitor.page().keyboard().down("Enter");
            visitor.page().keyboard().up("Enter");
            visitor.field("Places").fill("2");
            visitor.button("Book").click();
            visitor.assertPlaces(5, 0, 5);
            assertThat(visitor.tickets()).hasCount(4);

            visitor.page().navigate(visitor.url() + "#/bookings");
            BoundingBox cancel = visitor.tickets().first().locator("button").boundingBox();
            visitor.press(cancel.x + 20, cancel.y + 10, 1);
            assertThat(visitor.page().getByText("3 bookings and 0 places in line."))
                    .isVisible();
            // Nor has another booking come to stand there.
            visitor.press(cancel.x + 20, cancel.y + 10, 1);
            system.book(eventId, name, 1);
            assertThat(visitor.page().getByText("4 bookings and 0 places in line."))
                    .isVisible();
        }
        assertThat(system.count("SELECT count(*) FROM bookings WHERE event_id = ? AND status = 'CONFIRMED'", eventId))
                .isEqualTo(4);
    }

    @Test
    void aRushSaysWhyRequestsWereTurnedAwayAtTheDoor() {
        try (GatewayApplication strict = system.anotherGateway(
                        Map.of("BOOKING_HTTP_RATE_LIMIT", "30", "BOOKING_HTTP_RATE_LIMIT_WINDOW", "1h"));
                Visitor visitor = visitorOf(strict).inAHurry()) {
            AtomicInteger sent = new AtomicInteger();
            visitor.page().onRequest(request -> {
                if (request.url().endsWith("/bookings") && request.method().equals("POST")) {
                    sent.incrementAndGet();
                }
            });
            visitor.page().navigate(visitor.url() + "#/rush");
            visitor.awaitLive();
            visitor.field("Crowd").fill("30");
            visitor.button("Start the rush").click();

            Locator verdict = visitor.page().getByTestId("verdict");
            assertThat(verdict).containsText("were not decided");
            assertThat(verdict).containsText(Pattern.compile("\\d+ RATE_LIMITED"));
            assertThat(verdict).containsText("You have asked too often. Nothing has happened; try again in a moment.");
            assertThat(verdict).containsText("The tables could not be read.");
            // The gateway says to come back in two minutes.
            assertThat(sent).hasValue(30);
            assertThat(visitor.announced()).last().asString().endsWith(" were not decided.");
        }
    }

    @Test
    void aPageWhoseGatewayIsRestartedSaysSoComesBackAndMissesNothing() {
        String eventId = system.event("Restart", 10);
        try (Visitor watcher = visitor().goToEvent(eventId, "frank")) {
            watcher.button("Book").click();
            watcher.assertPlaces(1, 0, 9);
            system.stopGateway();
            assertThat(watcher.page().getByTestId("connection")).hasText("Connection lost, trying again…");

            for (String user : List.of("gina", "hugo", "ines")) {
                system.bookThroughKafka(eventId, user);
            }
            Awaitility.await()
                    .atMost(RunningSystem.PATIENCE)
                    .until(() -> system.count("SELECT confirmed FROM events WHERE id = ?", eventId) == 4);
            // Asked for while nobody is there to answer.
            watcher.button("Book").click();
            system.startGateway();

            watcher.awaitLive();
            Locator decided = watcher.page().locator("ol.decisions li");
            assertThat(decided).hasCount(5);
            assertThat(decided)
                    .containsText(
                            new String[] {"frank booked", "ines booked", "hugo booked", "gina booked", "frank booked"});
            watcher.assertPlaces(5, 0, 5);
            assertThat(watcher.latestAnswer()).containsText("Booked: 1 place for frank.");
            assertThat(watcher.streamedUsers(eventId)).containsExactly("frank", "gina", "hugo", "ines", "frank");
            assertThat(watcher.announced())
                    .containsSubsequence(
                            "Book 1 place for frank: Booked: 1 place for frank.",
                            "The connection is lost; trying again.",
                            "Connected again; nothing was missed.")
                    .filteredOn(said -> said.startsWith("Book"))
                    .hasSize(2);
        }
    }

    @Test
    void aComputerThatWakesUpDoesNotTakeItsConnectionForAlive() {
        try (Visitor visitor = visitor()) {
            // What its clock does while it sleeps, and its timers do not.
            visitor.page().addInitScript("""
                    const clock = Date.now;
                    window.slept = 0;
                    Date.now = () => clock() + window.slept;
                    """);
            visitor.goTo("events");

            visitor.page()
                    .waitForRequest("**/v1/stream", () -> visitor.page().evaluate("() => { window.slept = 600_000; }"));

            Awaitility.await("what is said of it")
                    .atMost(RunningSystem.PATIENCE)
                    .until(() -> visitor.announced()
                            .equals(List.of(
                                    "The connection is lost; trying again.", "Connected again; nothing was missed.")));
        }
    }

    @Test
    void thatNothingWasMissedIsNotSaidBeforeItIsKnown() {
        int port = FreePorts.any();
        try (Visitor visitor = visitorAt(port)) {
            // Of the second stream only the beginning comes, until it is let go on.
            visitor.page().addInitScript("""
                    const inFull = window.fetch;
                    let streams = 0;
                    const goOn = new Promise((resolve) => { window.goOn = resolve; });
                    window.fetch = async (path, ...more) => {
                        const response = await inFull(path, ...more);
                        if (path !== 'v1/stream' || !response.ok || ++streams < 2) {
                            return response;
                        }
                        let begun = false;
                        const held = new TransformStream({
                            async transform(piece, controller) {
                                if (!begun) {
                                    begun = true;
                                    const end = new TextDecoder().decode(piece).indexOf('\\n\\n') + 2;
                                    controller.enqueue(piece.slice(0, end));
                                    await goOn;
                                    controller.enqueue(piece.slice(end));
                                } else {
                                    controller.enqueue(piece);
                                }
                            },
                        });
                        const body = response.body.pipeThrough(held);
                        return new Response(body, { status: response.status, headers: response.headers });
                    };
                    """);
            try (GatewayApplication before =
                    system.anotherGateway(Map.of("BOOKING_HTTP_PORT", Integer.toString(port)))) {
                assertThat(before.port()).isEqualTo(port);
                visitor.goTo("events");
            }
            assertThat(visitor.page().getByTestId("connection")).hasText("Connection lost, trying again…");
            try (GatewayApplication after = system.gatewayOfOtherTopics(port)) {
                assertThat(after.port()).isEqualTo(port);
                assertThat(visitor.page().getByTestId("connection")).hasText("Catching up…");
                assertThat(visitor.announced()).noneMatch(said -> said.startsWith("Connected again"));

                visitor.page().evaluate("() => window.goOn()");

                visitor.awaitLive();
                assertThat(visitor.announced())
                        .contains("Connected again; everything is read anew.")
                        .doesNotContain("Connected again; nothing was missed.");
            }
        }
    }

    @Test
    void moreTabsThanABrowserHasConnectionsShareOneStreamAndMissNothing() {
        String eventId = system.event("Many tabs", 10);
        try (GatewayApplication gateway = system.anotherGateway(Map.of());
                Visitor visitor = visitorOf(gateway)) {
            List<Page> tabs = new ArrayList<>();
            visitor.goTo("events/" + eventId);
            tabs.add(visitor.page());
            while (tabs.size() < 8) {
                Page tab = visitor.anotherTab();
                tab.navigate(visitor.url() + "#/events/" + eventId);
                assertThat(tab.getByTestId("connection")).hasText("Live");
                tabs.add(tab);
            }
            // One that is let go is counted for a moment.
            Awaitility.await("one stream").atMost(RunningSystem.PATIENCE).until(() -> streamsOf(visitor) == 1);
            system.book(eventId, "first", 1);
            assertPlacesAre(tabs, 1);

            // Whoever is looked at takes over.
            Page lookedAt = tabs.remove(3);
            lookedAt.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))");
            system.book(eventId, "second", 1);
            lookedAt.waitForFunction("() => window.streamed.includes('second')");
            assertPlacesAre(List.of(lookedAt), 2);
            assertPlacesAre(tabs, 2);
            // And when it has gone, another one does.
            lookedAt.close();
            system.book(eventId, "third", 1);
            assertPlacesAre(tabs, 3);
            for (Page tab : tabs) {
                assertThat(tab.locator("ol.decisions li"))
                        .containsText(new String[] {"third booked", "second booked", "first booked"});
                assertThat((List<?>) tab.evaluate("() => window.announced")).isEmpty();
            }
        }
    }

    private static void assertPlacesAre(List<Page> tabs, int taken) {
        for (Page tab : tabs) {
            assertThat(tab.getByTestId("availability")).containsText(taken + " taken");
        }
    }

    private static long streamsOf(Visitor visitor) {
        Object metrics = visitor.page().evaluate("async () => (await fetch('metrics')).text()");
        Matcher open = Pattern.compile("(?m)^booking_streams_open (\\d+)").matcher(String.valueOf(metrics));
        assertThat(open.find()).isTrue();
        return Long.parseLong(open.group(1));
    }

    @Test
    void aTabThatCannotShareAStreamReadsItsOwnWhileItIsLookedAt() {
        String eventId = system.event("On its own", 10);
        try (GatewayApplication gateway = system.anotherGateway(Map.of());
                Visitor visitor = visitorOf(gateway)) {
            visitor.page().addInitScript("""
                    delete Navigator.prototype.locks;
                    let seen = 'visible';
                    Object.defineProperty(Document.prototype, 'visibilityState', { get: () => seen });
                    window.see = (visibility) => {
                        seen = visibility;
                        document.dispatchEvent(new Event('visibilitychange'));
                    };
                    """);
            visitor.goTo("events/" + eventId);
            visitor.page().evaluate("() => window.see('hidden')");
            Awaitility.await("no stream").atMost(RunningSystem.PATIENCE).until(() -> streamsOf(visitor) == 0);
            system.book(eventId, "meanwhile", 1);

            visitor.page().evaluate("() => window.see('visible')");

            visitor.assertPlaces(1, 0, 9);
            assertThat(visitor.page().locator("ol.decisions li")).containsText(new String[] {"meanwhile booked"});
            assertThat(streamsOf(visitor)).isEqualTo(1);
        }
    }

    @Test
    void aResultThatTheStreamBringsTwiceCountsOnce() {
        try (Visitor visitor = visitor()) {
            visitor.page().addInitScript("""
                    const once = window.fetch;
                    window.fetch = async (path, ...more) => {
                        const response = await once(path, ...more);
                        if (path !== 'v1/stream' || !response.ok) {
                            return response;
                        }
                        let rest = '';
                        const twice = new TransformStream({
                            transform(piece, controller) {
                                const events = (rest + piece).split('\\n\\n');
                                rest = events.pop();
                                events.forEach((event) => controller.enqueue((event + '\\n\\n').repeat(2)));
                            },
                        });
                        const body = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(twice)
                            .pipeThrough(new TextEncoderStream());
                        return new Response(body, { status: response.status, headers: response.headers });
                    };
                    """);
            visitor.goTo("rush");
            visitor.field("Crowd").fill("30");
            visitor.button("Start the rush").click();

            Locator verdict = visitor.page().getByTestId("verdict");
            assertThat(verdict).containsText("1 of 30 got a place");
            assertThat(verdict).containsText("29 were refused; results came in the order of the log");
            assertThat(visitor.page().locator(".lanes li")).containsText("30 requests, 30 decided, 1 winner");
            visitor.page().locator(".feeds a").click();
            Locator offsets = visitor.page().locator("ol.decisions .offset");
            assertThat(offsets).hasCount(12);
            assertThat(offsets.allTextContents()).doesNotHaveDuplicates();
        }
    }

    @Test
    void whatIsAskedForAgainAfterItsAnswersWereLostHappensOnce() {
        String eventId = system.event("Lost answers", 10);
        Set<String> keys = new HashSet<>();
        AtomicInteger sent = new AtomicInteger();
        try (Visitor visitor = visitor().inAHurry()) {
            // Requests arrive and answers do not.
            loseAnswers(visitor, request -> {
                keys.add(request.headers().get("idempotency-key"));
                sent.incrementAndGet();
            });
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            visitor.field("Your name").fill("paul");
            visitor.field("Places").fill("2");
            visitor.button("Book").click();
            assertThat(visitor.latestAnswer()).containsText("Trying again is safe");
            assertThat(visitor.latestAnswer()).hasClass(Pattern.compile("unanswered"));
            assertThat(sent).hasValueGreaterThan(1);

            visitor.page().unroute("**/bookings");
            Request again = visitor.page()
                    .waitForRequest(
                            request -> request.method().equals("POST"),
                            () -> visitor.button("Book").click());
            keys.add(again.headers().get("idempotency-key"));

            assertThat(visitor.latestAnswer()).containsText("Booked: 2 places for paul.");
            assertThat(visitor.page().locator(".attempt")).hasCount(1);
            assertThat(keys).hasSize(1);
            // With its answer it is done: now it is a wish of its own.
            visitor.button("Book").click();
            assertThat(visitor.page().locator(".attempt.accepted")).hasCount(2);
        }
        assertThat(system.count("SELECT confirmed FROM events WHERE id = ?", eventId))
                .isEqualTo(4);
    }

    @Test
    void whatIsTurnedAwayAfterItsAnswerWasLostStaysTheSameRequest() {
        String eventId = system.event("Turned away", 10);
        Set<String> keys = new HashSet<>();
        try (Visitor visitor = visitor().inAHurry()) {
            loseAnswers(visitor, request -> keys.add(request.headers().get("idempotency-key")));
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            visitor.field("Your name").fill("quinn");
            visitor.button("Book").click();
            assertThat(visitor.latestAnswer()).hasClass(Pattern.compile("unanswered"));

            // What is said of a later one says nothing of the first.
            for (String refusal :
                    List.of("429 RATE_LIMITED", "503 WAITING_ROOM_FULL", "503 DATABASE_UNAVAILABLE", "403 FORBIDDEN")) {
                String reason = refusal.substring(4);
                visitor.page().unroute("**/bookings");
                visitor.page().route("**/bookings", route -> {
                    keys.add(route.request().headers().get("idempotency-key"));
                    route.fulfill(refused(Integer.parseInt(refusal.substring(0, 3)), reason));
                });
                visitor.button("Book").click();
                assertThat(visitor.latestAnswer()).containsText(reason);
                assertThat(visitor.latestAnswer()).hasClass(Pattern.compile("unanswered"));
                assertThat(visitor.latestAnswer()).containsText("Trying again is safe");
                assertThat(visitor.latestAnswer()).not().containsText("Nothing has happened");
            }
            visitor.page().unroute("**/bookings");
            Request again = visitor.page()
                    .waitForRequest(
                            request -> request.method().equals("POST"),
                            () -> visitor.button("Book").click());
            keys.add(again.headers().get("idempotency-key"));

            assertThat(visitor.latestAnswer()).containsText("Booked: 1 place for quinn.");
            assertThat(visitor.page().locator(".attempt")).hasCount(1);
            assertThat(keys).hasSize(1);
        }
        assertThat(system.count("SELECT confirmed FROM events WHERE id = ?", eventId))
                .isEqualTo(1);
    }

    private static Route.FulfillOptions refused(int status, String reason) {
        return new Route.FulfillOptions()
                .setStatus(status)
                .setContentType("application/problem+json")
                .setBody("""
                        {"reason": "%s", "title": "It is not to be", "detail": "no", "status": %d}
                        """.formatted(reason, status));
    }

    @Test
    void whatHadNoAnswerWhenThePageWasReloadedIsTheSameRequestAndGetsItsAnswer() {
        String eventId = system.event("Reloaded", 10);
        Set<String> keys = new HashSet<>();
        try (Visitor visitor = visitor().inAHurry()) {
            loseAnswers(visitor, request -> keys.add(request.headers().get("idempotency-key")));
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            visitor.field("Your name").fill("rita");
            visitor.button("Book").click();
            assertThat(visitor.latestAnswer()).hasClass(Pattern.compile("unanswered"));

            visitor.page().reload();
            assertThat(visitor.latestAnswer()).containsText("Book 1 place for rita");
            assertThat(visitor.latestAnswer()).hasClass(Pattern.compile("unanswered"));
            Request again = visitor.page()
                    .waitForRequest(
                            request -> request.method().equals("POST"),
                            () -> visitor.button("Book").click());
            keys.add(again.headers().get("idempotency-key"));
            assertThat(keys).hasSize(1);

            visitor.page().reload();
            assertThat(visitor.latestAnswer()).hasClass(Pattern.compile("unanswered"));
            // Without being pressed once more.
            visitor.page().unroute("**/v1/commands/**");
            assertThat(visitor.latestAnswer()).containsText("Booked: 1 place for rita.");
            visitor.page().reload();
            assertThat(visitor.heading("Reloaded")).isVisible();
            assertThat(visitor.page().locator(".attempt")).hasCount(0);
        }
        assertThat(system.count("SELECT confirmed FROM events WHERE id = ?", eventId))
                .isEqualTo(1);
    }

    @Test
    void whatHasNoAnswerInOneTabStaysTheSameRequestThoughAnotherTabKnowsTheAnswer() {
        String eventId = system.event("Two tabs", 10);
        Set<String> keys = new HashSet<>();
        try (Visitor visitor = visitor().inAHurry()) {
            loseAnswers(visitor, request -> keys.add(request.headers().get("idempotency-key")));
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            visitor.field("Your name").fill("xaver");
            visitor.button("Book").click();
            assertThat(visitor.latestAnswer()).hasClass(Pattern.compile("unanswered"));
            Page other = visitor.anotherTab();
            other.route("**/v1/stream", Route::abort);
            other.route("**/v1/commands/**", Route::abort);
            other.navigate(visitor.url() + "#/events/" + eventId);
            Locator open = other.locator(".attempt");
            assertThat(open).hasClass(Pattern.compile("unanswered"));
            visitor.page().unroute("**/v1/commands/**");
            assertThat(visitor.latestAnswer()).containsText("Booked: 1 place for xaver.");

            assertThat(open).hasClass(Pattern.compile("unanswered"));
            Request again = other.waitForRequest(
                    request -> request.method().equals("POST"),
                    () -> other.locator("button[value=book]").click());
            keys.add(again.headers().get("idempotency-key"));

            assertThat(open).containsText("Booked: 1 place for xaver.");
            assertThat(keys).hasSize(1);
        }
        assertThat(system.count("SELECT confirmed FROM events WHERE id = ?", eventId))
                .isEqualTo(1);
    }

    @Test
    void aBrowserThatKeepsNothingForThePageShowsItAllTheSame() {
        String eventId = system.event("Nothing kept", 10);
        String refusing = """
                for (const storage of ['localStorage', 'sessionStorage']) {
                    Object.defineProperty(window, storage, {
                        get() {
                            throw new DOMException('Access is denied for this document.', 'SecurityError');
                        },
                    });
                }
                """;
        String full = """
                Storage.prototype.setItem = () => {
                    throw new DOMException('Setting the value exceeded the quota.', 'QuotaExceededError');
                };
                """;
        for (String storage : List.of(refusing, full)) {
            try (Visitor visitor = visitor()) {
                visitor.page().addInitScript(storage);
                visitor.goToEvent(eventId, "sid");
                visitor.button("Book").click();
                assertThat(visitor.latestAnswer()).containsText("Booked: 1 place for sid.");
                visitor.page().getByText("Theme: auto").click();
                assertThat(visitor.page().getByText("Theme: light")).isVisible();
            }
        }
    }

    @Test
    void aBrowserThatRunsNoScriptsIsToldWhatThereIsInstead() {
        try (Visitor visitor = new Visitor(
                system.url(), chromium.browser(), new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            visitor.page().navigate(visitor.url());

            // Not by its text: Playwright looks for none in there.
            assertThat(visitor.page().locator("noscript p")).isVisible();
        }
    }

    @Test
    void whatHadNoAnswerWhenTheEngineGotOtherTopicsStaysTheSameRequest() {
        String eventId = system.event("Moved", 10);
        Map<String, String> keys = new ConcurrentHashMap<>();
        int port = FreePorts.any();
        try (Visitor visitor = visitorAt(port).inAHurry()) {
            try (GatewayApplication before =
                    system.anotherGateway(Map.of("BOOKING_HTTP_PORT", Integer.toString(port)))) {
                assertThat(before.port()).isEqualTo(port);
                // None of them arrives, as far as the page knows.
                visitor.page().route("**/bookings", route -> {
                    Request request = route.request();
                    if (request.method().equals("POST")) {
                        keys.merge(
                                Objects.requireNonNull(request.postData()),
                                request.headers().get("idempotency-key"),
                                (one, other) -> one.equals(other) ? one : one + ", then " + other);
                        route.abort();
                    } else {
                        route.resume();
                    }
                });
                visitor.goToEvent(eventId, "tom");
                visitor.button("Book").click();
                assertThat(visitor.latestAnswer()).hasClass(Pattern.compile("unanswered"));
                visitor.field("Your name").fill("una");
                visitor.button("Book").click();
                assertThat(visitor.page().locator(".attempt.unanswered")).hasCount(2);
            }
            assertThat(visitor.page().getByTestId("connection")).hasText("Connection lost, trying again…");

            // One had arrived, and is decided from the topics that were.
            system.bookThroughKafka(eventId, List.of(new Wish(UUID.fromString(keyOf("tom", keys)), "tom")));
            Awaitility.await("tom's booking")
                    .atMost(RunningSystem.PATIENCE)
                    .until(() -> system.count("SELECT confirmed FROM events WHERE id = ?", eventId) == 1);
            try (GatewayApplication after = system.gatewayOfOtherTopics(port)) {
                assertThat(after.port()).isEqualTo(port);
                visitor.awaitLive();
                assertThat(visitor.page().locator(".attempt.accepted")).containsText("Booked: 1 place for tom.");
                Locator open = visitor.page().locator(".attempt.unanswered");
                assertThat(open).containsText("una");
                assertThat(open).containsText("BEGAN_ANEW");
                assertThat(open).containsText("Trying again is safe");

                visitor.page()
                        .waitForRequest(
                                request -> request.method().equals("POST"),
                                () -> visitor.button("Book").click());
                assertThat(keys).hasSize(2);
                assertThat(UUID.fromString(keyOf("una", keys))).isNotNull();
            }
        }
    }

    private static String keyOf(String userId, Map<String, String> keys) {
        return keys.entrySet().stream()
                .filter(key -> key.getKey().contains(userId))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aResultThatIsToldAgainIsNotWhereTheLastPlaceWent() {
        String eventId = system.event("Told again", 2);
        Wish first = new Wish(UUID.randomUUID(), "first");
        Wish second = new Wish(UUID.randomUUID(), "second");
        try (Visitor visitor = visitor().goToEvent(eventId, "third")) {
            system.bookThroughKafka(eventId, List.of(first, second, first));
            Awaitility.await("the stream")
                    .atMost(RunningSystem.PATIENCE)
                    .until(() -> visitor.streamedUsers(eventId).equals(List.of("first", "second", "first")));
            int offset = system.get("/v1/commands/" + second.commandId())
                    .at("/result/position/offset")
                    .asInt();

            visitor.button("Book").click();

            assertThat(visitor.latestAnswer()).containsText("SOLD_OUT");
            assertThat(visitor.latestAnswer()).containsText("The last place went to offset " + offset + ";");
        }
    }

    @Test
    void aBookingThatWasCancelledStaysSoWhenItsMakingIsToldAgain() {
        String eventId = system.event("Made once", 5);
        String name = "yara-" + System.nanoTime();
        Wish wish = new Wish(UUID.randomUUID(), name);
        try (Visitor visitor = visitor().goTo("bookings").lookAtBookingsOf(name)) {
            system.bookThroughKafka(eventId, List.of(wish));
            Locator card = visitor.card(wish.commandId().toString());
            card.getByText("Cancel").click();
            // Not what was answered, which stands there too.
            Locator state = card.locator(".state");
            assertThat(state).containsText("Cancelled: 1 place");
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            visitor.assertPlaces(0, 0, 5);

            // From here on the tables tell nothing more of it.
            visitor.page().route("**/v1/users/**", Route::abort);
            system.bookThroughKafka(eventId, List.of(wish));
            Awaitility.await("the stream")
                    .atMost(RunningSystem.PATIENCE)
                    .until(() -> visitor.streamedUsers(eventId).size() == 3);
            system.book(eventId, "somebody", 1);
            visitor.assertPlaces(1, 0, 4);

            assertThat(state).containsText("Cancelled: 1 place");
        }
    }

    /** Bookings arrive, and their answers do not, neither by themselves nor in another way. */
    private static void loseAnswers(Visitor visitor, Consumer<Request> sent) {
        visitor.page().route("**/v1/stream", Route::abort);
        visitor.page().route("**/v1/commands/**", Route::abort);
        visitor.page().route("**/bookings", route -> {
            if (route.request().method().equals("POST")) {
                sent.accept(route.request());
                route.fetch();
                route.abort();
            } else {
                route.resume();
            }
        });
    }

    @Test
    void whatWasGivenUpWithoutAnAnswerGetsItWhenTheConnectionIsBack() {
        String eventId = system.event("Late answer", 10);
        try (Visitor visitor = visitor().inAHurry()) {
            loseAnswers(visitor, request -> {});
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            visitor.field("Your name").fill("rosa");
            visitor.button("Book").click();
            assertThat(visitor.latestAnswer()).hasClass(Pattern.compile("unanswered"));

            visitor.page().unroute("**/v1/commands/**");
            visitor.page().unroute("**/v1/stream");

            assertThat(visitor.latestAnswer()).containsText("Booked: 1 place for rosa.");
            visitor.awaitLive();
        }
    }

    @Test
    void theLastPlaceIsFoundAmongMoreThanAThousandBookings() {
        String eventId = system.event("Big house", 1_001);
        system.bookThroughKafka(
                eventId,
                IntStream.range(0, 1_000)
                        .mapToObj(i ->
                                new Wish(new UUID(0x0000_0000_0000_7000L, 0x8000_0000_0000_0000L + i), "guest-" + i))
                        .toList());
        Awaitility.await("all but one place taken")
                .atMost(RunningSystem.PATIENCE)
                .until(() -> system.count("SELECT confirmed FROM events WHERE id = ?", eventId) == 1_000);
        // By its id the last of all, and on the second page.
        UUID last = UUID.fromString("ffffffff-ffff-7fff-bfff-" + eventId.substring(eventId.length() - 8) + "ffff");
        system.bookThroughKafka(eventId, List.of(new Wish(last, "the-last")));
        Awaitility.await("no place left")
                .atMost(RunningSystem.PATIENCE)
                .until(() -> system.count("SELECT confirmed FROM events WHERE id = ?", eventId) == 1_001);
        int offset =
                system.get("/v1/commands/" + last).at("/result/position/offset").asInt();
        try (Visitor visitor = visitor().goToEvent(eventId, "sam")) {
            visitor.button("Book").click();

            assertThat(visitor.latestAnswer()).containsText("SOLD_OUT");
            assertThat(visitor.latestAnswer())
                    .containsText(Pattern.compile("The last place went to (offset " + offset
                            + ";|the request right before yours, offset " + offset + "\\.)"));
        }
    }

    @Test
    void aPageThatFindsAnotherSystemAtItsAddressReadsEverythingAnew() {
        String eventId = system.event("Old house", 10);
        system.book(eventId, "tess", 2);
        system.book(eventId, "ugo", 3);
        String gone = system.event("Gone house", 5);
        try (RunningSystem other = new RunningSystem(system.port());
                Visitor visitor = visitor().goToEvent(eventId, "tess");
                Visitor bereft = visitor().goToEvent(gone, "ugo")) {
            visitor.assertPlaces(5, 0, 5);
            bereft.assertPlaces(0, 0, 5);
            system.stopGateway();
            assertThat(visitor.page().getByTestId("connection")).hasText("Connection lost, trying again…");
            // The same id, younger: fewer versions than the page has seen.
            other.eventThroughKafka(eventId, "New house", 4);
            Awaitility.await("the event of the other system")
                    .atMost(RunningSystem.PATIENCE)
                    .until(() -> other.count("SELECT count(*) FROM events WHERE id = ?", eventId) == 1);

            other.startGateway();
            try {
                visitor.awaitLive();
                assertThat(visitor.heading("New house")).isVisible();
                visitor.assertPlaces(0, 0, 4);
                assertThat(bereft.page().locator(".detail")).containsText("There is no such event.");
                assertThat(visitor.tickets()).hasCount(0);
                visitor.button("Book").click();
                assertThat(visitor.latestAnswer()).containsText("Booked: 1 place for tess.");
                visitor.assertPlaces(1, 0, 3);
                assertThat(visitor.page().locator("ol.decisions li")).containsText(new String[] {"tess booked"});
            } finally {
                other.stopGateway();
                system.startGateway();
            }
            // And back to where it was.
            visitor.awaitLive();
            assertThat(visitor.heading("Old house")).isVisible();
            visitor.assertPlaces(5, 0, 5);
        }
    }

    @Test
    void whatCannotBeReadIsSaidAndReadAsSoonAsItCanBe() {
        String eventId = system.event("Fog", 5);
        String name = "olaf-" + System.nanoTime();
        String bookingId = system.book(eventId, name, 2);
        try (Visitor visitor = visitor().inAHurry()) {
            for (String path : List.of("**/v1/events?**", "**/v1/events/" + eventId, "**/v1/users/**")) {
                visitor.page().route(path, Route::abort);
            }
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            assertThat(visitor.page().locator("#events-count")).containsText("The list cannot be read now");
            assertThat(visitor.page().locator(".detail")).containsText("The event cannot be read now");
            // Tried more than once.
            visitor.page().waitForRequest("**/v1/events/" + eventId, () -> {});
            visitor.page().waitForRequest("**/v1/events/" + eventId, () -> {});

            visitor.page().unroute("**/v1/events?**");
            visitor.page().unroute("**/v1/events/" + eventId);
            visitor.assertPlaces(2, 0, 3);
            assertThat(visitor.page().locator(".detail")).not().containsText("cannot be read");
            assertThat(visitor.page().locator("#events-count")).containsText(Pattern.compile("\\d events?"));

            visitor.page().navigate(visitor.url() + "#/bookings");
            visitor.lookAtBookingsOf(name);
            assertThat(visitor.page().locator("#main")).containsText("They cannot be read now");
            visitor.page().unroute("**/v1/users/**");
            assertThat(visitor.card(bookingId)).containsText("Confirmed: 2 places");
            assertThat(visitor.page().locator("#main")).not().containsText("cannot be read");
        }
    }

    @Test
    void aGatewayThatWantsAKeyIsGivenTheOneThatIsEnteredAndItStaysInTheTab(@TempDir Path directory) throws IOException {
        String eventId = system.event("Locked", 2);
        String key = ApiKey.newText();
        try (GatewayApplication locked = lockedGateway(directory, key, "judy");
                Visitor visitor = visitorOf(locked)) {
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            visitor.field("Key").fill(ApiKey.newText());
            visitor.button("Use this key").click();
            assertThat(visitor.page().getByText("The gateway does not take the key that was entered."))
                    .isVisible();
            visitor.field("Key").fill(key);
            visitor.button("Use this key").click();

            visitor.awaitLive();
            visitor.assertPlaces(0, 0, 2);
            visitor.field("Your name").fill("somebody-else");
            visitor.button("Book").click();
            assertThat(visitor.latestAnswer()).containsText("Your key does not allow this.");
            visitor.field("Your name").fill("judy");
            visitor.button("Hold").click();
            // The stream does not tell results to those who act for themselves only; the answer does.
            assertThat(visitor.tickets()).containsText("left to confirm");
            visitor.button("Confirm 1 place, Locked").click();
            assertThat(visitor.tickets()).containsText("Confirmed: 1 place");
            assertThat((String) visitor.page().evaluate("() => JSON.stringify(localStorage)"))
                    .doesNotContain(key);
        }
    }

    @Test
    void whoGoesOnWithoutAKeyIsAskedNoMoreAndMayEnterOneLater(@TempDir Path directory) throws IOException {
        String eventId = system.event("No key", 5);
        String key = ApiKey.newText();
        try (GatewayApplication locked = lockedGateway(directory, key, "judy");
                Visitor visitor = visitorOf(locked)) {
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            Locator dialog = visitor.page().locator("dialog");
            // What no header can carry is no key, rather than no connection.
            visitor.field("Key").fill("clé-\u20ac");
            visitor.button("Use this key").click();
            assertThat(dialog).containsText("That is no key");
            visitor.button("Go on without").click();
            assertThat(dialog).hasCount(0);
            assertThat(visitor.page().getByTestId("connection")).hasText("No key, so nothing is live");

            // More calls are refused, and nobody is asked.
            visitor.page().navigate(visitor.url() + "#/engine");
            assertThat(visitor.page().getByText("The metrics cannot be read")).isVisible();
            visitor.page().waitForResponse("**/metrics", () -> {});
            visitor.page().waitForResponse("**/metrics", () -> {});
            assertThat(dialog).hasCount(0);

            visitor.button("Enter a key").click();
            visitor.field("Key").fill(key);
            visitor.button("Use this key").click();
            visitor.awaitLive();
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            visitor.assertPlaces(0, 0, 5);
            assertThat(visitor.button("Enter a key")).hasCount(0);
        }
    }

    @Test
    void whoseKeyDoesNotAllowWatchingIsToldSoAndMayEnterAnother(@TempDir Path directory) throws IOException {
        String eventId = system.event("Blind", 5);
        String blind = ApiKey.newText();
        String seeing = ApiKey.newText();
        ApiKey one = new ApiKey("one", ApiKey.sha256(blind), Set.of(Role.BOOK), Optional.of("judy"));
        ApiKey other = new ApiKey("other", ApiKey.sha256(seeing), Set.of(Role.READ, Role.BOOK), Optional.of("judy"));
        Path keys = Files.write(directory.resolve("keys"), List.of(one.line(), other.line()));
        try (GatewayApplication locked = system.anotherGateway(Map.of("BOOKING_AUTH_API_KEYS_FILE", keys.toString()));
                Visitor visitor = visitorOf(locked)) {
            visitor.page().navigate(visitor.url() + "#/events/" + eventId);
            visitor.field("Key").fill(blind);
            visitor.button("Use this key").click();
            assertThat(visitor.page().getByTestId("connection")).hasText("Your key does not allow watching");
            assertThat(visitor.page().locator(".detail")).containsText("Your key does not allow this.");

            visitor.button("Enter a key").click();
            visitor.field("Key").fill(seeing);
            visitor.button("Use this key").click();
            visitor.awaitLive();
            visitor.assertPlaces(0, 0, 5);
            assertThat(visitor.button("Enter a key")).hasCount(0);
        }
    }

    @Test
    void whoLooksForAKeyForLongIsToldWhatBecomesOfTheRequestThen() {
        String eventId = system.event("Looking for a key", 5);
        AtomicInteger sent = new AtomicInteger();
        try (Visitor visitor = visitor()) {
            // How long requests may take, by the clock of this test.
            visitor.page().addInitScript("""
                    AbortSignal.timeout = (millis) => {
                        const patience = new AbortController();
                        setTimeout(() => patience.abort(new DOMException('too late', 'TimeoutError')), millis);
                        return patience.signal;
                    };
                    """);
            visitor.page().clock().install();
            visitor.goToEvent(eventId, "zita");
            visitor.page()
                    .route(
                            "**/bookings",
                            route -> route.fulfill(
                                    sent.incrementAndGet() == 1
                                            ? refused(401, "NOT_AUTHENTICATED")
                                            : refused(403, "FORBIDDEN")));
            visitor.button("Book").click();
            assertThat(visitor.page().locator("dialog")).containsText("This gateway wants to know who calls.");
            visitor.page().clock().runFor(120_000);
            visitor.field("Key").fill(ApiKey.newText());
            visitor.button("Use this key").click();

            assertThat(visitor.latestAnswer()).containsText("Your key does not allow this.");
            assertThat(visitor.latestAnswer()).hasClass(Pattern.compile("refused"));
            assertThat(sent).hasValue(2);
        }
    }

    @Test
    void aKeyThatAFormWantsIsAskedForByItsOwnName() {
        AtomicBoolean refused = new AtomicBoolean();
        try (Visitor clerk = visitor().goTo("events")) {
            clerk.page().route("**/v1/events", route -> {
                if (refused.compareAndSet(false, true)) {
                    route.fulfill(refused(401, "NOT_AUTHENTICATED"));
                } else {
                    route.resume();
                }
            });
            clerk.button("New event").click();
            clerk.field("Name").fill("Made with a key");
            clerk.field("Venue").fill("key-" + System.nanoTime());
            clerk.button("Make the event").click();

            Locator asking =
                    clerk.page().getByRole(AriaRole.DIALOG, new Page.GetByRoleOptions().setName("A key is wanted"));
            asking.getByLabel("Key").fill(ApiKey.newText());
            asking.getByText("Use this key").click();

            assertThat(clerk.heading("Made with a key")).isFocused();
        }
    }

    @Test
    void aRefusalThatComesLateDoesNotTakeTheNewKeyAway(@TempDir Path directory) throws IOException {
        String eventId = system.event("Late refusal", 5);
        String key = ApiKey.newText();
        AtomicReference<Route> held = new AtomicReference<>();
        try (GatewayApplication locked = lockedGateway(directory, key, "judy");
                Visitor visitor = visitorOf(locked)) {
            // Sent without a key, and under way until there is one.
            visitor.page().route("**/v1/events?**", route -> {
                if (!held.compareAndSet(null, route)) {
                    route.resume();
                }
            });
            visitor.page().route("**/v1/events/" + eventId, route -> {
                if (!held.compareAndSet(null, route)) {
                    route.resume();
                }
            });
            visitor.enterKey("events/" + eventId, key);
            Route late = Objects.requireNonNull(held.get(), "nothing was held back");
            assertThat(late.request().headers()).doesNotContainKey("authorization");

            visitor.page()
                    .waitForResponse(
                            response -> response.status() == 401
                                    && response.url().equals(late.request().url()),
                            late::resume);

            visitor.assertPlaces(0, 0, 5);
            visitor.page().navigate(visitor.url() + "#/engine");
            assertThat(visitor.page().locator("[data-chart=decisions] .value").first())
                    .containsText(Pattern.compile("\\d"));
            assertThat(visitor.page().locator("dialog")).hasCount(0);
            assertThat(visitor.page().evaluate("() => Object.values(sessionStorage)"))
                    .isEqualTo(List.of(key));
        }
    }

    /** A gateway that takes this key only, and it for this user only. */
    private static GatewayApplication lockedGateway(Path directory, String key, String user) throws IOException {
        ApiKey one = new ApiKey("one", ApiKey.sha256(key), Set.of(Role.READ, Role.BOOK), Optional.of(user));
        Path keys = Files.writeString(directory.resolve("keys"), one.line() + System.lineSeparator());
        return system.anotherGateway(Map.of("BOOKING_AUTH_API_KEYS_FILE", keys.toString()));
    }

    @Test
    void twoPagesWithTheKeyOfOneUserAgree(@TempDir Path directory) throws IOException {
        String free = system.event("Free", 5);
        String full = system.event("Full", 1);
        system.book(full, "somebody", 1);
        String user = "kurt-" + System.nanoTime();
        String key = ApiKey.newText();
        try (GatewayApplication locked = lockedGateway(directory, key, user);
                Visitor here = visitorOf(locked).enterKey("events/" + free, key);
                Visitor there = visitorOf(locked).enterKey("bookings", key)) {
            there.lookAtBookingsOf(user);
            assertThat(there.page().getByText("0 bookings and 0 places in line."))
                    .isVisible();

            here.field("Your name").fill(user);
            here.button("Book").click();
            assertThat(there.page().getByText("1 booking and 0 places in line."))
                    .isVisible();

            here.page().navigate(here.url() + "#/events/" + full);
            here.button("Join the line").click();
            assertThat(there.page().getByText("1 booking and 1 place in line.")).isVisible();

            here.page().navigate(here.url() + "#/events/" + free);
            here.button("Cancel 1 place, Free").click();
            assertThat(there.page().getByText("0 bookings and 1 place in line."))
                    .isVisible();

            // Of changes there are no results for this key.
            system.limitEachPerson(free, 3);
            assertThat(here.page().locator(".event")).containsText("At most 3 for one person.");
        }
    }

    private static Visitor visitorOf(GatewayApplication gateway) {
        return visitorAt(gateway.port());
    }

    private static Visitor visitorAt(int port) {
        return new Visitor("http://127.0.0.1:" + port + "/", chromium.browser(), new Browser.NewContextOptions());
    }

    @Test
    void aNameOfBlanksIsNoName() {
        String eventId = system.event("Nobody", 5);
        try (Visitor visitor = visitor().goToEvent(eventId, "   ")) {
            visitor.button("Book").click();
            assertThat(visitor.field("Your name")).isFocused();
            assertThat(visitor.page().locator("input:invalid")).hasCount(1);

            visitor.field("Your name").fill("  nora ");
            visitor.button("Book").click();
            assertThat(visitor.latestAnswer()).containsText("Booked: 1 place for nora.");
            assertThat(visitor.page().locator(".attempt")).hasCount(1);

            visitor.goTo("bookings");
            visitor.lookAtBookingsOf("\u2003 ");
            assertThat(visitor.field("Bookings of")).isFocused();
            assertThat(visitor.page().locator("input:invalid")).hasCount(1);
            visitor.goTo("events");
            visitor.button("New event").click();
            visitor.field("Name").fill("  ");
            visitor.button("Make the event").click();
            assertThat(visitor.field("Name")).isFocused();
            assertThat(visitor.page().locator(".attempt")).hasCount(0);
        }
        assertThat(system.count("SELECT count(*) FROM bookings WHERE event_id = ? AND user_id = 'nora'", eventId))
                .isEqualTo(1);
        assertThat(system.count("SELECT count(*) FROM bookings WHERE event_id = ?", eventId))
                .isEqualTo(1);
    }

    @Test
    void theLongestNamesAndTheLargestNumbersFitIntoANarrowPhone() {
        String eventId = "L".repeat(128);
        String user = "M".repeat(128);
        system.event(eventId, "N".repeat(255), "O".repeat(255), "2027-05-01T19:30:00Z", Integer.MAX_VALUE);
        try (Visitor phone = Visitor.onAPhone(system, chromium.browser(), 320);
                Visitor desk = visitor()) {
            phone.goTo("events");
            phone.field("Search events").fill(eventId);
            phone.link(eventId).click();
            phone.field("Your name").fill(user);
            phone.field("Places").fill(Integer.toString(Integer.MAX_VALUE - 1));
            phone.button("Book").click();
            phone.assertPlaces("2,147,483,646", "0", "1");
            phone.field("Places").fill("1");
            phone.button("Hold").click();
            phone.assertPlaces("2,147,483,646", "1", "0");
            phone.button("Join the line").click();
            assertThat(phone.tickets()).hasCount(3);
            phone.button("Book").click();
            assertThat(phone.latestAnswer()).containsText("SOLD_OUT");
            assertFits(phone, "an event");
            phone.screenshot("limits");
            phone.button("Change event").click();
            assertFits(phone, "a form");
            phone.button("Never mind").click();
            phone.page().navigate(phone.url() + "#/events");
            assertThat(phone.link(eventId)).containsText("2.1B taken");
            assertFits(phone, "the list");
            phone.page().navigate(phone.url() + "#/bookings");
            assertThat(phone.tickets()).hasCount(3);
            assertFits(phone, "my bookings");
            phone.page().navigate(phone.url() + "#/rush");
            phone.field("For event").fill(eventId);
            phone.field("Crowd").fill("5");
            phone.button("Start the rush").click();
            assertThat(phone.page().getByTestId("verdict")).containsText("0 of 5 got a place");
            assertFits(phone, "the rush");
            phone.page().navigate(phone.url() + "#/engine");
            assertThat(phone.page().locator("[data-plot] canvas")).hasCount(6);
            assertFits(phone, "the engine room");

            desk.goToEvent(eventId, user);
            desk.assertPlaces("2,147,483,646", "1", "0");
            assertFits(desk, "an event at a desk");
        }
    }

    /** Nothing is cut off at the right, and nothing has to be scrolled to the side to be read. */
    private static void assertFits(Visitor visitor, String what) {
        Object tooWide = visitor.page().evaluate("""
                () => [document.documentElement, ...document.querySelectorAll('main *, dialog, dialog *')]
                    .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1
                        && getComputedStyle(element).textOverflow !== 'ellipsis' && !element.closest('.unseen, input'))
                    .map((element) => `${element.tagName} ${element.className} has ${element.scrollWidth} in ${element.clientWidth}`)
                """);
        assertThat((List<?>) tooWide).as(what).isEmpty();
    }

    @Test
    void theKeyboardAloneIsEnough() {
        String eventId = system.event("Keyboard", 3);
        try (Visitor visitor = visitor().goTo("events")) {
            visitor.page().keyboard().press("Tab");
            assertThat(visitor.page().getByText("Skip to the content")).isFocused();
            visitor.page().keyboard().press("Enter");
            assertThat(visitor.page().getByRole(AriaRole.MAIN)).isFocused();
            visitor.page().keyboard().press("Tab");
            assertThat(visitor.button("New event")).isFocused();
            visitor.page().keyboard().press("Tab");
            assertThat(visitor.field("Search events")).isFocused();
            visitor.page().keyboard().type(eventId);
            assertThat(visitor.page().locator("#events-count")).hasText("1 event");
            visitor.tabTo(visitor.link(eventId));
            visitor.page().keyboard().press("Enter");
            assertThat(visitor.heading("Keyboard")).isFocused();
            assertThat(visitor.page()).hasTitle("Keyboard · Box office");
            visitor.page().keyboard().press("Tab");
            assertThat(visitor.field("Your name")).isFocused();
            visitor.page().keyboard().type("zoe");
            visitor.tabTo(visitor.button("Book"));
            visitor.page().keyboard().press("Space");
            assertThat(visitor.latestAnswer()).containsText("Booked: 1 place");
            assertThat(visitor.button("Book")).isFocused();
            assertThat(visitor.announced()).contains("Book 1 place for zoe: Booked: 1 place for zoe.");

            Locator cancel = visitor.button("Cancel 1 place, Keyboard");
            assertThat(cancel).isVisible();
            visitor.tabTo(cancel);
            visitor.page().keyboard().press("Enter");
            assertThat(visitor.tickets()).containsText("Cancelled");
            assertThat(visitor.tickets()).isFocused();

            Locator change = visitor.button("Change event");
            visitor.tabTo(change);
            visitor.page().keyboard().press("Enter");
            Locator dialog = visitor.page().locator("dialog");
            assertThat(dialog.locator(":focus")).hasCount(1);
            visitor.tabTo(visitor.field("Venue"));
            visitor.page().keyboard().press("Escape");
            assertThat(dialog).hasCount(0);
            assertThat(change).isFocused();
        }
    }

    @Test
    void theEngineRoomShowsWhatTheGatewayKnows() {
        String eventId = system.event("Engine", 1);
        try (Visitor visitor = visitor().goTo("engine")) {
            Locator decisions = visitor.page().locator("[data-chart=decisions] .value");
            assertThat(decisions.first()).containsText(Pattern.compile("\\d"));
            assertThat(visitor.page().locator("[data-plot] canvas")).hasCount(6);
            // Something to see: each a decision.
            system.book(eventId, "first", 1);
            for (int i = 0; i < 20; i++) {
                system.bookThroughKafka(eventId, "u-" + i);
            }

            assertThat(visitor.page().locator("td code")).hasText("ALREADY_BOOKED");
            assertThat(visitor.page().locator("[data-chart=lag] .value")).hasText(Pattern.compile("\\s*0\\s+offsets"));
            assertThat(visitor.page().locator("[data-chart=batch] .value")).containsText(Pattern.compile("\\d"));
            assertThat(visitor.page().locator("[data-chart=dead-letters] .value"))
                    .containsText(Pattern.compile("\\d"));
            visitor.screenshot("engine");
        }
    }

    @Test
    void theEngineRoomLooksAgainWhenItHasItsAnswerAndNotWhileNobodyLooksAtIt() {
        AtomicReference<Route> held = new AtomicReference<>();
        AtomicInteger looks = new AtomicInteger();
        try (Visitor visitor = visitor()) {
            visitor.page().addInitScript("""
                    let seen = 'visible';
                    Object.defineProperty(Document.prototype, 'visibilityState', { get: () => seen });
                    window.see = (visibility) => { seen = visibility; };
                    // Nothing is given up, however slow this test is.
                    AbortSignal.timeout = () => new AbortController().signal;
                    """);
            visitor.page().clock().install();
            visitor.goTo("events");
            visitor.page().route("**/metrics", route -> {
                looks.incrementAndGet();
                if (!held.compareAndSet(null, route)) {
                    route.resume();
                }
            });
            visitor.page().waitForRequest("**/metrics", () -> visitor.page().navigate(visitor.url() + "#/engine"));
            visitor.page().clock().runFor(5_000);
            assertThat(looks).hasValue(1);

            Objects.requireNonNull(held.get()).resume();
            Awaitility.await("two more looks").atMost(RunningSystem.PATIENCE).until(() -> {
                visitor.page().clock().runFor(1_000);
                return looks.get() >= 3;
            });
            assertThat(visitor.page().locator("[data-chart=decisions] .value").first())
                    .containsText(Pattern.compile("\\d"));

            visitor.page().evaluate("() => window.see('hidden')");
            // One may be under way.
            int before = looks.get() + 1;
            visitor.page().clock().runFor(5_000);
            assertThat(looks).hasValueLessThanOrEqualTo(before);
        }
    }

    @Test
    void theEngineRoomShowsLatenciesAlsoWhenNobodyWaitsForAnAnswer() {
        String eventId = system.event("Nobody waits", 1_000_000);
        try (Visitor visitor = visitor().goTo("engine");
                Bustle bustle = system.bustle(eventId)) {
            Locator latency = visitor.page().locator("[data-chart=latency] .value");
            assertThat(latency.first()).containsText(Pattern.compile("\\d m?s half"));
            assertThat(latency.last()).containsText(Pattern.compile("\\d m?s 99 of 100"));
            bustle.assertStillGoingOn();
        }
    }

    @Test
    void chartsGoWithTheViewThatTheyAreIn() {
        try (Visitor visitor = visitor()) {
            visitor.page().addInitScript("""
                    window.listening = 0;
                    const add = window.addEventListener;
                    const remove = window.removeEventListener;
                    window.addEventListener = (event, ...more) => {
                        window.listening += event === 'dppxchange' ? 1 : 0;
                        add.call(window, event, ...more);
                    };
                    window.removeEventListener = (event, ...more) => {
                        window.listening -= event === 'dppxchange' ? 1 : 0;
                        remove.call(window, event, ...more);
                    };
                    """);
            visitor.goTo("events");
            Object before = visitor.page().evaluate("() => window.listening");
            for (int visit = 0; visit < 3; visit++) {
                visitor.page().navigate(visitor.url() + "#/engine");
                assertThat(visitor.page().locator("[data-plot] canvas")).hasCount(6);
                visitor.page().navigate(visitor.url() + "#/bookings");
                assertThat(visitor.page().locator("[data-plot]")).hasCount(0);
            }
            assertThat(visitor.page().evaluate("() => window.listening")).isEqualTo(before);
        }
    }

    @Test
    void whoseLeavingOfALineIsRefusedIsToldSoAmongTheirBookings() {
        String eventId = system.event("No line", 1);
        String name = "xena-" + System.nanoTime();
        system.book(eventId, "somebody", 1);
        system.join(eventId, name);
        try (Visitor visitor = visitor()) {
            // A page that does not hear that she has left it elsewhere.
            visitor.page().route("**/v1/stream", Route::abort);
            visitor.page().navigate(visitor.url() + "#/bookings");
            visitor.lookAtBookingsOf(name);
            Locator wait = visitor.card("wait:" + eventId);
            assertThat(wait).containsText("1st in line");
            system.leave(eventId, name);

            wait.getByText("Leave the line").click();

            assertThat(visitor.latestAnswer()).containsText("You do not stand in this line.");
            assertThat(visitor.latestAnswer()).containsText("NOT_ON_WAITLIST");
            assertThat(wait).hasCount(0);
        }
    }

    @Test
    void theStreamIsReadHoweverItIsCutAndTheQuantileIsThatOfPrometheus() {
        try (Visitor visitor = visitor().goTo("events")) {
            Object read = visitor.page().evaluate("""
                    async () => {
                        const base = document.querySelector('script[type=module]').src.replace('main.js', '');
                        const { readEvents, SseParser } = await import(base + 'sse-parser.js');
                        const text = '\\uFEFFevent: first\\ndata: \\u20ac \\u{1F39F}\\n\\nretry: 5\\n:\\n\\nid: 1\\n\\nid: 2\\r\\n'
                            + 'event: result\\r\\ndata: {"a":1}\\r\\n\\r\\nevent: availability\\rdata: \\uFEFFx\\rdata:y\\r\\r'
                            + 'id: 3\\nevent: result\\ndata: z\\n';
                        const bytes = new TextEncoder().encode(text);
                        const ways = [];
                        for (let size = 1; size <= bytes.length; size++) {
                            const parser = new SseParser();
                            const body = new ReadableStream({
                                start(controller) {
                                    for (let at = 0; at < bytes.length; at += size) {
                                        controller.enqueue(bytes.slice(at, at + size));
                                    }
                                    controller.close();
                                },
                            });
                            const events = [];
                            for await (const piece of readEvents(body, parser)) {
                                events.push(...piece.map(({ type, data }) => type + '=' + data));
                            }
                            ways.push([...events, parser.lastEventId].join('|'));
                        }
                        return [...new Set(ways)];
                    }
                    """);
            // Only the mark at the start is none of the text.
            assertThat(read).isEqualTo(List.of("first=\u20ac \ud83c\udf9f|result={\"a\":1}|availability=\ufeffx\ny|2"));

            Object quantiles = visitor.page().evaluate("""
                    async () => {
                        const base = document.querySelector('script[type=module]').src.replace('main.js', '');
                        const { parseMetrics, quantile, rateBy } = await import(base + 'metrics.js');
                        const before = parseMetrics('w_bucket{le="1"} 10\\nw_bucket{le="2"} 10\\nw_bucket{le="+Inf"} 10\\n'
                            + 'd_total{outcome="A",reason="x\\\\"y"} 4\\n');
                        const now = parseMetrics('# TYPE w histogram\\nw_bucket{le="1"} 14\\nw_bucket{le="2"} 18\\n'
                            + 'w_bucket{le="+Inf"} 20\\nd_total{outcome="A",reason="x\\\\"y"} 8\\nn NaN\\n');
                        return [quantile(0.4, 'w', before, now), quantile(0.6, 'w', before, now),
                            quantile(0.99, 'w', before, now), rateBy('reason', 'd_total', before, now, 2)['x"y'],
                            String(now.sum('n'))];
                    }
                    """);
            assertThat(quantiles).isEqualTo(List.of(1, 1.5, 2, 2, "undefined"));
        }
    }

    /** Last but one: from here on there are ten thousand events. */
    @Test
    @Order(LAST - 1)
    void tenThousandEventsAreScrolledAndSearchedWithFewRowsAtATime() {
        makeEvents(10_000);
        Map<String, Integer> pages = new ConcurrentHashMap<>();
        try (Visitor visitor = visitor()) {
            visitor.page().onRequest(request -> {
                if (request.url().contains("v1/events?") && request.url().contains("after=")) {
                    pages.merge(request.url(), 1, Integer::sum);
                }
            });
            visitor.goTo("events");
            Locator rows = visitor.page().locator("#rows .row");
            assertThat(rows.first()).isVisible();
            // At every moment, not only when somebody looks.
            visitor.page().evaluate("""
                    () => {
                        const list = document.querySelector('#rows ul');
                        window.mostRows = list.children.length;
                        new MutationObserver(() => {
                            window.mostRows = Math.max(window.mostRows, list.children.length);
                        }).observe(list, { childList: true });
                    }
                    """);
            for (int i = 0; i < 40; i++) {
                visitor.page()
                        .evaluate(
                                "() => { const rows = document.getElementById('rows'); rows.scrollTop = rows.scrollHeight; }");
                if (visitor.page().locator("#events-count").textContent().matches("[\\d,]+ events")) {
                    break;
                }
                // More has been asked for; the next step has more to scroll.
                visitor.page()
                        .waitForFunction("() => document.getElementById('rows').scrollHeight"
                                + " - document.getElementById('rows').scrollTop > 2000"
                                + " || /^[\\d,]+ events$/.test(document.getElementById('events-count').textContent)");
            }
            assertThat(visitor.page().locator("#events-count").textContent()).matches("1\\d,\\d{3} events");
            Object mostRows = visitor.page().evaluate("() => window.mostRows");
            assertThat((Integer) mostRows).isBetween(10, 60);
            assertThat((Integer) visitor.page().evaluate("() => document.querySelectorAll('*').length"))
                    .isLessThan(2_000);
            // Each page of the list was asked for once, whatever was drawn and scrolled meanwhile.
            assertThat(pages.values()).hasSizeGreaterThanOrEqualTo(20).allMatch(times -> times == 1);

            assertOnlyWhatComesIntoViewIsMade(visitor.page());

            // A place is taken far down, and seen where one is.
            visitor.field("Search events").fill("big-09999");
            Locator row = visitor.page().locator("[data-event=big-09999]");
            assertThat(row).containsText("0 taken");
            visitor.field("Search events").fill("big-0999");
            assertThat(visitor.page().locator("#events-count")).hasText("10 events");
            visitor.page().evaluate("""
                    () => {
                        window.redrawn = new Set();
                        new MutationObserver((changes) => changes.forEach(({ target }) => window.redrawn.add(
                            target.parentElement?.closest('[data-event]')?.dataset.event ?? 'the list')))
                            .observe(document.getElementById('rows'), { childList: true, characterData: true, subtree: true });
                    }
                    """);
            system.book("big-09999", "olga", 1);
            assertThat(row).containsText("1 taken");
            // What has not changed is not written again.
            assertThat(visitor.page().evaluate("() => [...window.redrawn]")).isEqualTo(List.of("big-09999"));
            visitor.field("Search events").fill("");
            assertThat(visitor.page().locator("#events-count")).containsText("events");
            System.out.println("box office: 10,000 events, at most " + mostRows + " rows at a time; to draw all that is"
                    + " shown took " + drawing(visitor.page()) + " ms in the median of 200 scrolls");
            visitor.screenshot("ten-thousand");
        }
    }

    /** Scrolling by a row makes that row, and leaves the others as they are. */
    private static void assertOnlyWhatComesIntoViewIsMade(Page page) {
        Object made = page.evaluate("""
                async () => {
                    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                    const rows = document.getElementById('rows');
                    rows.scrollTop = 0;
                    for (let frame = 0; frame < 600 && !document.querySelector('#rows [aria-posinset="1"]'); frame++) {
                        await drawn();
                    }
                    let made = 0;
                    const observer = new MutationObserver((changes) => changes.forEach(({ addedNodes }) =>
                        addedNodes.forEach((node) => { made += node.nodeType === Node.ELEMENT_NODE ? 1 : 0; })));
                    observer.observe(document.querySelector('#rows ul'), { childList: true });
                    const height = document.querySelector('#rows .row').offsetHeight;
                    for (let row = 1; row <= 100; row++) {
                        rows.scrollTop = row * height;
                        await drawn();
                    }
                    observer.disconnect();
                    return made;
                }
                """);
        assertThat((Integer) made).isBetween(50, 110);
    }

    private static Object drawing(Page page) {
        return page.evaluate("""
                async () => {
                    const rows = document.getElementById('rows');
                    const times = [];
                    for (let i = 0; i < 200; i++) {
                        rows.scrollTop = (i * 7919) % rows.scrollHeight;
                        const begun = performance.now();
                        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
                        times.push(performance.now() - begun);
                    }
                    return Math.round(times.sort((a, b) => a - b)[100]);
                }
                """);
    }

    private static void makeEvents(int count) {
        Semaphore room = new Semaphore(64);
        List<CompletableFuture<Boolean>> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            room.acquireUninterruptibly();
            CompletableFuture<Boolean> one =
                    system.eventLater("big-%05d".formatted(i), "Evening %05d".formatted(i), 1 + i % 500);
            made.add(one.whenComplete((done, failure) -> room.release()));
        }
        assertThat(made).allMatch(CompletableFuture::join);
        Awaitility.await("events made")
                .atMost(RunningSystem.PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> system.count("SELECT count(*) FROM events WHERE id LIKE ?", "big-%") == count);
    }

    @Test
    @Order(LAST)
    void everyViewIsAccessibleByLightAndDarkOnADeskAndOnAPhone() {
        String eventId = theatre();
        Map<String, Visitor> visitors = new HashMap<>();
        try {
            visitors.put("desktop", visitor());
            visitors.put("dark", Visitor.atNight(system, chromium.browser()));
            visitors.put("phone", Visitor.onAPhone(system, chromium.browser()));
            visitors.forEach((name, visitor) -> {
                visitor.goTo("events");
                visitor.field("Search events").fill("theatre-");
                assertThat(visitor.page().locator("#events-count")).hasText("12 events");
                visitor.assertAccessible(name + ", the list");
                visitor.screenshot(name + "-list");
                // By its link, so that the search stays.
                visitor.page().locator("[data-event='" + eventId + "'] a").click();
                visitor.field("Your name").fill("lena-" + name);
                visitor.field("Places").fill("2");
                visitor.button("Hold").click();
                assertThat(visitor.tickets()).containsText("left to confirm");
                visitor.field("Places").fill("700");
                visitor.button("Book").click();
                assertThat(visitor.latestAnswer()).containsText("Places last went to");
                visitor.assertAccessible(name + ", an event");
                visitor.screenshot(name);
                visitor.button("Change event").click();
                visitor.assertAccessible(name + ", a dialog");
                visitor.button("Never mind").click();
                visitor.goTo("bookings");
                assertThat(visitor.tickets().first()).isVisible();
                visitor.assertAccessible(name + ", my bookings");
                visitor.goTo("rush");
                visitor.field("Crowd").fill("20");
                visitor.button("Start the rush").click();
                assertThat(visitor.page().getByTestId("verdict")).containsText("The tables agree");
                visitor.assertAccessible(name + ", the rush");
                visitor.goTo("engine");
                assertThat(visitor.page().locator("[data-plot] canvas")).hasCount(6);
                visitor.assertAccessible(name + ", the engine room");
            });
        } finally {
            visitors.values().forEach(Visitor::close);
        }
    }

    /** A season that one would like to look at; gives one event of it. */
    private static String theatre() {
        String[] names = {
            "A one-seat opera",
            "An evening of Bach",
            "Choir of the harbour",
            "Goldberg Variations",
            "Hamlet",
            "Jazz in the yard",
            "Late show",
            "Night of the short film",
            "Open stage",
            "Swan Lake",
            "The Tempest",
            "Wind quintet"
        };
        int[] capacities = {1, 400, 40, 120, 650, 120, 80, 650, 400, 40, 80, 120};
        String[] stages = {"Great hall", "Small stage", "Courtyard"};
        for (int i = 0; i < names.length; i++) {
            String eventId = "theatre-%02d".formatted(i);
            int capacity = capacities[i];
            system.event(eventId, names[i], stages[i % 3], "2027-05-%02dT19:30:00Z".formatted(i + 1), capacity);
            int taken = Math.max(1, capacity * (i * 37 % 90) / 100);
            system.book(eventId, "mona", taken);
            int held = capacity * (i * 13 % 20) / 100;
            if (held > 0 && taken + held <= capacity) {
                system.hold(eventId, "nils", held);
            }
        }
        return "theatre-04";
    }
}
