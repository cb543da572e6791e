import { html } from './lit-html.js';
import { number } from './words.js';

/**
 * Taken, held and free places as a bar, and in numbers beside it.
 *
 * @param {import('./box-office.js').BookableEvent} event
 */
export function availabilityBar({ event: { capacity, confirmed, held, available } }) {
    const percent = (/** @type {number} */ seats) => `${(100 * seats) / capacity}%`;
    return html`<span class="availability">
        <span class="bar" aria-hidden="true"
            ><i class="taken" .style=${`width:${percent(confirmed)}`}></i
            ><i class="held" .style=${`width:${percent(held)}`}></i
        ></span>
        <span class="counts"
            ><span><b>${number(confirmed)}</b> taken</span>
            <span><b>${number(held)}</b> held</span>
            <span class="free"><b>${number(available)}</b> free</span></span
        >
    </span>`;
}

/** @param {import('./box-office.js').BookableEvent} event */
export function eventState(event) {
    if (event.status === 'CLOSED') {
        return html`<span class="tag closed">Closed</span>`;
    }
    return event.event.available === 0 ? html`<span class="tag full">Full</span>` : '';
}
