import { html } from './lit-html.js';
import { compact, number } from './words.js';

/** From here on three numbers do not fit into a row. */
const MANY = 10_000_000;

/**
 * Taken, held and free places as a bar, and in numbers beside it.
 *
 * @param {import('./box-office.js').BookableEvent} event
 * @param {boolean} [inRow] where there is little room
 */
export function availabilityBar({ event: { capacity, confirmed, held, available } }, inRow = false) {
    const places = inRow && capacity >= MANY ? compact : number;
    const percent = (/** @type {number} */ seats) => `${(100 * seats) / capacity}%`;
    return html`<span class="availability">
        <span class="bar" aria-hidden="true"
            ><i class="taken" .style=${`width:${percent(confirmed)}`}></i
            ><i class="held" .style=${`width:${percent(held)}`}></i
        ></span>
        <span class="counts"
            ><span><b>${places(confirmed)}</b> taken</span>
            <span><b>${places(held)}</b> held</span>
            <span class="free"><b>${places(available)}</b> free</span></span
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
