import { html } from './lit-html.js';
import { repeat } from './repeat.js';
import { attemptsView } from './attempts-view.js';
import { availabilityBar, eventState } from './availability-bar.js';
import { bookingCard } from './booking-card.js';
import { openClosing, openEventForm } from './dialogs.js';
import { fieldsOf, NOT_BLANK } from './page.js';
import { clock, compact, count, dateAndTime, deed, number, ordinal, refusal, zone } from './words.js';

/**
 * Asks who the visitor is.
 *
 * @param {import('./page.js').Page} page
 * @param {string} label
 */
export function userField(page, label) {
    return html`<label
        >${label}
        <input
            name="user"
            required
            maxlength="128"
            pattern=${NOT_BLANK.pattern}
            title=${NOT_BLANK.title}
            .value=${page.mine.user}
            autocomplete="off"
    /></label>`;
}

/**
 * One event: its places, a desk to book them at, and who was decided on.
 *
 * @param {import('./page.js').Page} page
 * @param {string} eventId
 */
export function eventView(page, eventId) {
    const event = page.office.event(eventId);
    const back = html`<a class="back" href="#/events">← All events</a>`;
    if (!event) {
        return html`${back}
            <h1 id="view-title" tabindex="-1">${eventId}</h1>
            <p role="status">${page.trouble || 'Reading the books…'}</p>`;
    }
    return html`${back}
        <article class="event" aria-labelledby="view-title">
            <header>
                <h1 id="view-title" tabindex="-1">${event.name}</h1>
                ${eventState(event)}
                <p class="where">${dateAndTime(event.date)} ${zone(event.date)} · ${event.venue}</p>
            </header>
            ${page.trouble ? html`<p class="trouble" role="alert">${page.trouble}</p>` : ''}
            <div class="big-bar" data-testid="availability">${availabilityBar(event)}</div>
            <p class="small">${terms(page, event)} <code>${event.eventId}</code></p>
            <div role="status">${event.status === 'CLOSED' ? closedDesk() : ''}</div>
            ${hasDesk(page, event) ? desk(page, event) : ''} ${attemptsView(page.desk.attemptsAbout(eventId), 4)}
            ${mine(page, event)} ${decisions(page, event)}
            <p class="buttons quiet">
                <button @click=${() => openEventForm(page, event)}>Change event</button>
                <button ?disabled=${event.status === 'CLOSED'} @click=${() => openClosing(page, event)}>
                    Close event
                </button>
            </p>
        </article>`;
}

/**
 * @param {import('./page.js').Page} page
 * @param {import('./box-office.js').BookableEvent} event
 */
function terms(page, event) {
    const now = page.clock.now();
    const parts = [`${number(event.event.capacity)} places in all.`];
    if (event.perUserLimit) {
        parts.push(`At most ${number(event.perUserLimit)} for one person.`);
    }
    if (event.salesOpenAt && Date.parse(event.salesOpenAt) > now) {
        parts.push(`Sales begin ${dateAndTime(event.salesOpenAt)}.`);
    }
    if (event.salesCloseAt) {
        const over = Date.parse(event.salesCloseAt) <= now;
        parts.push(`Sales ${over ? 'ended' : 'end'} ${dateAndTime(event.salesCloseAt)}.`);
    }
    return parts.join(' ');
}

function closedDesk() {
    return html`<p class="desk">
        ${refusal({ reason: 'EVENT_CLOSED' })} What is booked stays booked, and what is on hold can still be confirmed.
    </p>`;
}

/**
 * Whether anything can be asked for that need not be refused. What has no answer can be asked for again, for its answer.
 *
 * @param {import('./page.js').Page} page
 * @param {import('./box-office.js').BookableEvent} event
 */
function hasDesk(page, { eventId, status }) {
    return status === 'OPEN' || page.desk.attemptsAbout(eventId).some(({ state }) => state === 'unanswered');
}

/**
 * @param {import('./page.js').Page} page
 * @param {import('./box-office.js').BookableEvent} event
 */
function desk(page, { eventId }) {
    const submit = (/** @type {SubmitEvent} */ submitted) => {
        const { user, quantity, seconds } = fieldsOf(submitted);
        const verb = /** @type {HTMLButtonElement | null} */ (submitted.submitter)?.value ?? 'book';
        page.mine.become(user);
        const seats = Number(quantity);
        if (verb === 'hold') {
            void page.desk.hold(eventId, user, seats, Number(seconds));
        } else if (verb === 'join') {
            void page.desk.join(eventId, user, seats);
        } else {
            void page.desk.book(eventId, user, seats);
        }
    };
    return html`<form class="desk" @submit=${submit} aria-label="Book places">
        <div class="fields">
            ${userField(page, 'Your name')}
            <label>Places <input name="quantity" type="number" min="1" max="2147483647" value="1" required /></label>
            <label
                >Hold for
                <select name="seconds">
                    <option value="10">10 seconds</option>
                    <option value="60">1 minute</option>
                    <option value="600" selected>10 minutes</option>
                    <option value="3600">1 hour</option>
                </select></label
            >
        </div>
        <p class="buttons">
            <button class="primary" name="verb" value="book">Book</button>
            <button name="verb" value="hold">Hold</button>
            <button name="verb" value="join">Join the line</button>
        </p>
    </form>`;
}

/**
 * @param {import('./page.js').Page} page
 * @param {import('./box-office.js').BookableEvent} event
 */
function mine(page, { eventId }) {
    const wait = page.mine.waitFor(eventId);
    const bookings = page.mine.ofEvent(eventId).slice(0, 5);
    if (!wait && bookings.length === 0) {
        return '';
    }
    return html`<section aria-labelledby="mine-title">
        <h2 id="mine-title">Yours here</h2>
        <ul class="tickets">
            ${wait ? waitCard(page, wait) : ''}
            ${repeat(
                bookings,
                ({ bookingId }) => bookingId,
                (booking) => bookingCard(page, booking, false),
            )}
        </ul>
    </section>`;
}

/**
 * A place in the line of those who wait for seats.
 *
 * @param {import('./page.js').Page} page
 * @param {import('./my-bookings.js').WaitlistEntry} wait
 */
export function waitCard(page, wait) {
    const event = page.office.event(wait.eventId);
    const name = event?.name ?? wait.eventId;
    const prospect =
        event?.status === 'CLOSED'
            ? 'The event is closed: no more places are held for those who wait.'
            : 'A place that comes free is held for you.';
    return html`<li class="ticket waiting" data-card=${'wait:' + wait.eventId} tabindex="-1">
        <div class="stub" aria-hidden="true">${compact(wait.waitlistPosition)}</div>
        <div class="body">
            <p class="state">
                <b>Waiting</b>: ${ordinal(wait.waitlistPosition)} in line for ${count(wait.quantity, 'place')}, ${name}
            </p>
            <p class="small">Since ${dateAndTime(wait.joinedAt)}. ${prospect}</p>
            <p class="buttons">
                <button @click=${() => page.desk.leave(wait.eventId, page.mine.user)} aria-label="Leave the line, ${name}">
                    Leave the line
                </button>
            </p>
        </div>
    </li>`;
}

/**
 * @param {import('./page.js').Page} page
 * @param {import('./box-office.js').BookableEvent} event
 */
function decisions(page, { eventId }) {
    const results = page.office.recentResults(eventId);
    return html`<section aria-labelledby="decisions-title">
        <h2 id="decisions-title">Decided while you watch</h2>
        ${results.length === 0
            ? html`<p class="small">Nothing yet. Whoever books here shows up at once.</p>`
            : html`<ol class="decisions" tabindex="0" aria-labelledby="decisions-title">
                  ${repeat(
                      results.slice(0, 12),
                      ({ commandId }) => commandId,
                      (result) =>
                          html`<li class=${result.outcome === 'ACCEPTED' ? 'accepted' : 'refused'}>
                              <span class="offset" title="partition ${result.position.partition}"
                                  >${result.position.partition}·${result.position.offset}</span
                              >
                              <span class="who"><bdi>${result.userId ?? ''}</bdi> ${deed(result)}</span>
                              ${result.reason ? html`<code class="reason">${result.reason}</code>` : ''}
                              <time>${clock(result.decidedAt)}</time>
                          </li>`,
                  )}
              </ol>`}
    </section>`;
}
