import { html } from './lit-html.js';
import { bookingCard } from './booking-card.js';
import { waitCard } from './event-view.js';
import { fieldsOf } from './page.js';
import { count } from './words.js';

const SHOWN = 100;

/** @param {import('./page.js').Page} page */
export function bookingsView(page) {
    const { mine } = page;
    const live = mine.bookings.filter(({ status }) => status === 'HELD' || status === 'CONFIRMED');
    const past = mine.bookings.filter(({ status }) => status !== 'HELD' && status !== 'CONFIRMED');
    const become = (/** @type {SubmitEvent} */ submitted) => mine.become(fieldsOf(submitted).user);
    return html`<section class="narrow" aria-labelledby="view-title">
        <h1 id="view-title" tabindex="-1">My bookings</h1>
        <form class="inline" @submit=${become}>
            <label>Bookings of <input name="user" required maxlength="128" .value=${mine.user} autocomplete="off" /></label>
            <button>Show</button>
        </form>
        <p class="small" role="status">
            ${mine.trouble || (mine.loaded ? `${count(live.length, 'booking')} and ${count(mine.waits.length, 'place')} in line.` : 'Reading the books…')}
        </p>
        <h2 class="unseen">Now</h2>
        ${list(mine.waits.map((wait) => waitCard(page, wait)))}
        ${list(live.slice(0, SHOWN).map((booking) => bookingCard(page, booking, true)))}
        ${past.length > 0
            ? html`<h2>Over</h2>
                  ${list(past.slice(0, SHOWN).map((booking) => bookingCard(page, booking, true)))}`
            : ''}
        ${live.length > SHOWN || past.length > SHOWN ? html`<p class="small">The latest ${SHOWN} of each are shown.</p>` : ''}
    </section>`;
}

/** @param {unknown[]} cards */
const list = (cards) => (cards.length > 0 ? html`<ul class="tickets">${cards}</ul>` : '');
