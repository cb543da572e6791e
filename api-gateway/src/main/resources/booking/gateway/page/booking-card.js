import { html } from './lit-html.js';
import { attemptsView } from './attempts-view.js';
import { compact, count, countdown, dateAndTime, STATUS } from './words.js';
import { eventAddress } from './page.js';

/**
 * One of my bookings, with what can be done about it. The button to cancel comes first, so that it stays where it is: it must not
 * come to where somebody presses once more who has confirmed.
 *
 * @param {import('./page.js').Page} page
 * @param {import('./my-bookings.js').Booking} booking
 * @param {boolean} withEvent whether the event is named
 */
export function bookingCard(page, booking, withEvent) {
    const event = page.office.event(booking.eventId);
    const name = event?.name ?? booking.eventId;
    const what = `${count(booking.quantity, 'place')}, ${name}`;
    return html`<li class="ticket ${booking.status.toLowerCase()}" data-card=${booking.bookingId} tabindex="-1">
        <div class="stub" aria-hidden="true">${compact(booking.quantity)}</div>
        <div class="body">
            ${withEvent ? html`<h3><a href=${eventAddress(booking.eventId)}>${name}</a></h3>` : ''}
            <p class="state">
                <b>${STATUS[booking.status]}</b>: ${count(booking.quantity, 'place')} ${remaining(page, booking)}
            </p>
            <p class="small">Since ${dateAndTime(booking.createdAt)} <code>${booking.bookingId}</code></p>
            ${isLive(booking)
                ? html`<p class="buttons">
                      <button @click=${() => page.desk.cancel(booking)} aria-label="Cancel ${what}">Cancel</button>
                      ${booking.status === 'HELD'
                          ? html`<button
                                class="primary"
                                @click=${() => page.desk.confirm(booking)}
                                aria-label="Confirm ${what}"
                            >
                                Confirm
                            </button>`
                          : ''}
                  </p>`
                : ''}
            ${attemptsView(page.desk.attemptsAbout(booking.bookingId), 2)}
        </div>
    </li>`;
}

/** @param {import('./my-bookings.js').Booking} booking */
export const isLive = ({ status }) => status === 'CONFIRMED' || status === 'HELD';

/**
 * @param {import('./page.js').Page} page
 * @param {import('./my-bookings.js').Booking} booking
 */
function remaining(page, booking) {
    if (booking.status !== 'HELD' || !booking.holdExpiresAt) {
        return '';
    }
    const left = Date.parse(booking.holdExpiresAt) - page.clock.now();
    return left > 0
        ? html`<span class="countdown" role="timer">${countdown(left)} left to confirm</span>`
        : html`<span class="countdown">time is over</span>`;
}
