import { html } from './lit-html.js';
import { repeat } from './repeat.js';
import { attemptsView } from './attempts-view.js';
import { availabilityBar, eventState } from './availability-bar.js';
import { eventView } from './event-view.js';
import { openEventForm } from './dialogs.js';
import { eventAddress } from './page.js';
import { count, dateAndTime } from './words.js';

/** How high a row is, in pixels; the style sheet says the same. */
const ROW = 76;
const OVERSCAN = 6;

/** What is visible of the list, also when one comes back to it. */
const view = { top: 0, height: 800 };
/** @type {HTMLElement | null} */
let measured = null;

/** @param {import('./page.js').Page} page */
export function eventsView(page) {
    const { eventId } = page.route;
    return html`<div class="events ${eventId ? 'with-event' : ''}">
        <section class="finder" aria-labelledby="events-title">
            <div class="heading">
                <h1 id="events-title" tabindex="-1">Events</h1>
                <button class="primary" @click=${() => openEventForm(page)}>New event</button>
            </div>
            <div class="search">
                <label for="search">Search events</label>
                <input
                    id="search"
                    type="search"
                    placeholder="Name, venue or id"
                    autocomplete="off"
                    maxlength="200"
                    .value=${page.list.text}
                    @input=${(/** @type {InputEvent} */ input) => {
                        page.list.search(/** @type {HTMLInputElement} */ (input.target).value);
                        // What is found is another list, which begins at its beginning.
                        document.getElementById('rows')?.scrollTo(0, 0);
                    }}
                />
            </div>
            ${attemptsView(
                page.desk.attemptsAbout('new event').filter(({ apart }) => apart),
                1,
            )}
            <p class="small" id="events-count">${howMany(page.list)}</p>
            ${rows(page)}
        </section>
        <section class="detail" aria-label="The chosen event">
            ${eventId
                ? eventView(page, eventId)
                : html`<div class="nothing">
                      <p class="big">Choose an event.</p>
                      <p>
                          Whoever comes first gets the place: all requests for an event stand in one line, and each answer
                          carries its place in it as a receipt.
                      </p>
                  </div>`}
        </section>
    </div>`;
}

/** @param {import('./event-list.js').EventList} list */
function howMany(list) {
    if (list.failure) {
        return `The list cannot be read now: ${list.failure}${list.tryingAgain ? ' Trying again…' : ''}`;
    }
    if (list.ids.length === 0) {
        return list.loading ? 'Reading the books…' : list.query ? 'No event matches.' : 'There are no events yet.';
    }
    return count(list.ids.length, 'event') + (list.complete ? '' : ' so far, more as you scroll');
}

/**
 * Only the rows that can be seen are there, whatever the number of events, and the one that has the focus with its
 * neighbours, wherever it is: so the focus stays with its event, and Tab goes from each event to the next.
 *
 * @param {import('./page.js').Page} page
 */
function rows(page) {
    const { list } = page;
    const total = list.ids.length;
    const first = Math.max(0, Math.min(Math.floor(view.top / ROW), total - 1) - OVERSCAN);
    const last = Math.min(total, Math.ceil((view.top + view.height) / ROW) + OVERSCAN);
    const indexes = new Set(Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index));
    const focused = focusedIndex(list);
    for (let index = focused - 1; focused >= 0 && index <= focused + 1; index++) {
        if (index >= 0 && index < total) {
            indexes.add(index);
        }
    }
    void list.lookAt(last);
    const scrolled = (/** @type {Event} */ scroll) => {
        const box = /** @type {HTMLElement} */ (scroll.currentTarget);
        view.top = box.scrollTop;
        view.height = box.clientHeight;
        page.changed();
    };
    return html`<div class="rows" id="rows" tabindex="0" role="region" aria-label="List of events" @scroll=${scrolled}>
        <ul .style=${`height:${total * ROW}px`} aria-labelledby="events-title">
            ${repeat(
                [...indexes].sort((a, b) => a - b),
                (index) => list.ids[index],
                (index) => row(page, list.ids[index], index, list.complete ? total : -1),
            )}
        </ul>
    </div>`;
}

/**
 * @param {import('./event-list.js').EventList} list
 * @returns {number} of the event whose row has the focus; -1 when none has
 */
function focusedIndex(list) {
    const row = /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest('[data-event]'));
    return row?.dataset.event === undefined ? -1 : list.ids.indexOf(row.dataset.event);
}

/**
 * @param {import('./page.js').Page} page
 * @param {string} eventId
 * @param {number} index
 * @param {number} total -1 when it is not known
 */
function row(page, eventId, index, total) {
    const event = page.office.event(eventId);
    if (!event) {
        return '';
    }
    const chosen = page.route.eventId === eventId;
    return html`<li
        class="row"
        .style=${`transform:translateY(${index * ROW}px)`}
        aria-posinset=${index + 1}
        aria-setsize=${total}
        data-event=${eventId}
    >
        <a href=${eventAddress(eventId)} aria-current=${chosen ? 'true' : 'false'}>
            <span class="title"><span class="name">${event.name}</span>${eventState(event)}</span>
            <span class="where">${dateAndTime(event.date)} · ${event.venue}</span>
            ${availabilityBar(event, true)}
        </a>
    </li>`;
}

/** Looks again how much of the list can be seen, as after a change of the window, and where one was in it before. */
export function measureRows() {
    const box = document.getElementById('rows');
    const shown = box && box.clientHeight > 0 ? box : null;
    const top = view.top;
    if (shown && shown !== measured) {
        shown.scrollTop = view.top;
        // It may be shorter now.
        view.top = shown.scrollTop;
    }
    measured = shown;
    if (shown && (shown.clientHeight !== view.height || view.top !== top)) {
        view.height = shown.clientHeight;
        return true;
    }
    return false;
}
