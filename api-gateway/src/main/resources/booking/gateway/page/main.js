import { render } from './lit-html.js';
import { BoxOffice } from './box-office.js';
import { Desk } from './desk.js';
import { askForKey } from './dialogs.js';
import { Engine } from './engine.js';
import { EngineClock } from './engine-clock.js';
import { drawCharts } from './engine-view.js';
import { EventList } from './event-list.js';
import { EventStream } from './event-stream.js';
import { measureRows } from './events-view.js';
import { Gateway, GatewayError, mayPass, whyNot } from './gateway.js';
import { Keyring } from './keyring.js';
import { MyBookings } from './my-bookings.js';
import { currentRoute, eventPath, viewTitle } from './page.js';
import { countPressesOnce } from './presses.js';
import { Backoff, pause, Throttle } from './retry.js';
import { drawLanes } from './rush-view.js';
import { shell } from './shell.js';
import { applyTheme, onThemeChange } from './theme.js';

/** How often what is shown of the time is brought up to date. */
const TICK_MILLIS = 500;

/** How long after one reading of what has changed the next one may begin. */
const READ_AGAIN_MILLIS = 1_000;

/** How much of what was announced stays there to be read. */
const ANNOUNCED = 10;

const TITLES = { events: 'Events', bookings: 'My bookings', rush: 'The rush', engine: 'Engine room' };

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const announcer = /** @type {HTMLElement} */ (document.getElementById('announcer'));

let due = false;

/** Shows what has changed, once for all that changes until the browser draws next. */
function changed() {
    if (!due) {
        due = true;
        requestAnimationFrame(show);
    }
}

function show() {
    due = false;
    const focused = document.activeElement;
    const inside = focused !== null && root.contains(focused);
    const card = /** @type {HTMLElement | null | undefined} */ (focused?.closest('[data-card]'))?.dataset.card;
    render(shell(page), root);
    document.title = `${page.office.event(page.route.eventId ?? '')?.name ?? TITLES[page.route.view]} · Box office`;
    if (inside && (!focused.isConnected || focused.matches(':disabled'))) {
        // The button has done what it was there for. Who pressed it stays where they were.
        const same = [...root.querySelectorAll('[data-card]')].find((other) => other.getAttribute('data-card') === card);
        /** @type {HTMLElement | null | undefined} */ (same ?? viewTitle())?.focus({ preventScroll: true });
    }
    drawLanes(page);
    drawCharts(page);
    if (measureRows()) {
        changed();
    }
}

/** Whether something was missed since the connection was lost. */
let missed = false;

/** Adds to what was said before: two things that happen together are both to be heard. */
const announce = (/** @type {string} */ text) => {
    const line = document.createElement('p');
    line.textContent = text;
    announcer.append(line);
    while (announcer.children.length > ANNOUNCED) {
        announcer.firstElementChild?.remove();
    }
};

const keyring = new Keyring(askForKey, () => {
    if (!keyring.declined) {
        reading.ask();
    }
    changed();
});
const gateway = new Gateway(keyring);
const office = new BoxOffice();
const clock = new EngineClock();
const list = new EventList(gateway, office, changed);
const mine = new MyBookings(gateway, changed);
const stream = new EventStream(gateway, keyring, {
    onResult(result) {
        office.decided(result);
        mine.decided(result);
        page.rush?.decide(result);
        if (result.type === 'updateEvent' && result.outcome === 'ACCEPTED' && result.eventId === page.route.eventId) {
            // The stream tells the places, but not the terms of the sale.
            readingEvent.ask();
        }
        changed();
    },
    onAvailability(event) {
        const unknown = office.take(event);
        if (event.eventId === page.route.eventId && (unknown || !stream.tellsResults)) {
            // The stream tells the places, but not the terms of the sale; nor, where it has no results, that those have changed.
            readingEvent.ask();
        }
        list.insert(event);
        mine.eventChanged(event.eventId, stream.tellsResults);
        changed();
    },
    onMissed(gap) {
        if (gap !== 'none') {
            office.doubt();
            missed = true;
        }
        if (gap === 'all') {
            void page.desk.beganAnew();
            void page.rush?.beganAnew();
        }
        reading.ask();
    },
    onState: changed,
    onConnection(connected) {
        if (!connected) {
            missed = false;
        }
        if (stream.losses > 0) {
            const back = missed ? 'Connected again; everything is read anew.' : 'Connected again; nothing was missed.';
            announce(connected ? back : 'The connection is lost; trying again.');
        }
        if (connected) {
            void page.desk.askForAnswers();
        }
        changed();
    },
});

/** @type {import('./page.js').Page} */
const page = {
    gateway,
    keyring,
    office,
    list,
    mine,
    desk: new Desk(gateway, office, changed, announce, (result, since) => {
        clock.answered(result.decidedAt, since);
        mine.decided(result);
        if (result.outcome === 'REJECTED') {
            // The event may not be as it is shown: the stream may be away.
            readingEvent.ask();
        }
    }),
    stream,
    clock,
    engine: new Engine(gateway, changed),
    rush: undefined,
    route: currentRoute(),
    changed,
    announce,
    trouble: '',
};

/** Reads everything anew: what the stream tells of is told in many pieces. */
const reading = new Throttle(async () => {
    readingEvent.ask();
    await Promise.all([list.reload(), mine.read()]);
}, READ_AGAIN_MILLIS);

const readingEvent = new Throttle(() => {
    if (page.route.eventId) {
        void readEvent(page.route.eventId);
    }
}, READ_AGAIN_MILLIS);

let eventReadings = 0;

/**
 * Reads an event, and tries until it is read or another is wanted.
 *
 * @param {string} eventId
 */
async function readEvent(eventId) {
    const reading = ++eventReadings;
    const backoff = new Backoff();
    page.trouble = '';
    for (let again = true; again; ) {
        try {
            const event = await gateway.get(eventPath(eventId));
            again = false;
            office.take(event);
            list.insert(event);
            page.trouble = reading === eventReadings ? '' : page.trouble;
        } catch (failure) {
            again = mayPass(failure) && reading === eventReadings;
            if (failure instanceof GatewayError && failure.problem.status === 404) {
                office.forget(eventId);
            }
            if (reading === eventReadings) {
                page.trouble = again ? `The event cannot be read now: ${whyNot(failure)} Trying again…` : whyNot(failure);
            }
        }
        changed();
        if (again) {
            await pause(backoff.next());
            again = reading === eventReadings;
        }
    }
}

function go() {
    page.route = currentRoute();
    page.engine.watch(page.route.view === 'engine');
    eventReadings++;
    page.trouble = '';
    if (page.route.eventId) {
        void readEvent(page.route.eventId);
    }
    show();
    viewTitle()?.focus();
}

countPressesOnce();
applyTheme();
onThemeChange(changed);
addEventListener('hashchange', go);
addEventListener('resize', changed);
setInterval(changed, TICK_MILLIS);
page.engine.watch(page.route.view === 'engine');
show();
if (page.route.eventId) {
    void readEvent(page.route.eventId);
}
void mine.read();
void page.desk.askForAnswers();
void stream.run();
