import { html } from './lit-html.js';
import { repeat } from './repeat.js';
import { attemptsView } from './attempts-view.js';
import { bookingCard, isLive } from './booking-card.js';
import { userField, waitCard } from './event-view.js';
import { fieldsOf } from './page.js';
import { count } from './words.js';

const SHOWN = 100;

/** @param {import('./page.js').Page} page */
export function bookingsView(page) {
    const { mine } = page;
    const live = mine.bookings.filter(isLive);
    // With the answer beside it, one that was cancelled stays where it is: no other must come to where somebody presses again.
    const tried = new Set(page.desk.attempts.map(({ about }) => about));
    const isHere = (/** @type {import('./my-bookings.js').Booking} */ booking) => isLive(booking) || tried.has(booking.bookingId);
    const here = mine.bookings.filter(isHere);
    const past = mine.bookings.filter((booking) => !isHere(booking));
    const become = (/** @type {SubmitEvent} */ submitted) => mine.become(fieldsOf(submitted).user);
    return html`<section class="narrow" aria-labelledby="view-title">
        <h1 id="view-title" tabindex="-1">My bookings</h1>
        <form class="inline" @submit=${become}>
            ${userField(page, 'Bookings of')}
            <button>Show</button>
        </form>
        <p class="small" role="status">
            ${mine.trouble || (mine.loaded ? `${count(live.length, 'booking')} and ${count(mine.waits.length, 'place')} in line.` : 'Reading the books…')}
        </p>
        <h2 class="unseen">Now</h2>
        ${attemptsView(page.desk.leavings, 1)} ${waits(page)} ${list(page, here)}
        ${past.length > 0
            ? html`<h2>Over</h2>
                  ${list(page, past)}`
            : ''}
        ${here.length > SHOWN || past.length > SHOWN ? html`<p class="small">The latest ${SHOWN} of each are shown.</p>` : ''}
    </section>`;
}

/**
 * Each booking keeps its card, whatever comes before it: a button that has the focus stays that of its booking.
 *
 * @param {import('./page.js').Page} page
 * @param {import('./my-bookings.js').Booking[]} bookings
 */
function list(page, bookings) {
    const cards = repeat(
        bookings.slice(0, SHOWN),
        ({ bookingId }) => bookingId,
        (booking) => bookingCard(page, booking, true),
    );
    return bookings.length > 0 ? html`<ul class="tickets">${cards}</ul>` : '';
}

/** @param {import('./page.js').Page} page */
function waits(page) {
    const cards = repeat(
        page.mine.waits,
        ({ eventId }) => eventId,
        (wait) => waitCard(page, wait),
    );
    return page.mine.waits.length > 0 ? html`<ul class="tickets">${cards}</ul>` : '';
}
