/**
 * @typedef {object} Page what the views show, and whom they tell what was done
 * @property {import('./gateway.js').Gateway} gateway
 * @property {import('./keyring.js').Keyring} keyring
 * @property {import('./box-office.js').BoxOffice} office
 * @property {import('./event-list.js').EventList} list
 * @property {import('./my-bookings.js').MyBookings} mine
 * @property {import('./desk.js').Desk} desk
 * @property {import('./event-stream.js').EventStream} stream
 * @property {import('./engine-clock.js').EngineClock} clock
 * @property {import('./engine.js').Engine} engine
 * @property {import('./rush.js').Rush | undefined} rush
 * @property {Route} route
 * @property {() => void} changed to be called when something changed that is shown
 * @property {(text: string) => void} announce for those who do not see the page
 * @property {string} trouble why the event that is looked at cannot be shown
 */
/**
 * @typedef {object} Route
 * @property {'events' | 'bookings' | 'rush' | 'engine'} view
 * @property {string} [eventId]
 */

/** @returns {Route} from the address */
export function currentRoute() {
    const [view, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
    if (view === 'bookings' || view === 'rush' || view === 'engine') {
        return { view };
    }
    try {
        const eventId = decodeURIComponent(rest.join('/'));
        return eventId ? { view: 'events', eventId } : { view: 'events' };
    } catch {
        // Not an address of ours, such as one with a lone percent sign.
        return { view: 'events' };
    }
}

/** @param {string} eventId */
export const eventAddress = (eventId) => '#/events/' + encodeURIComponent(eventId);

/** @param {string} eventId */
export const eventPath = (eventId) => 'v1/events/' + encodeURIComponent(eventId);

/** Where somebody begins who has come to a view, or whose place in it is gone. */
export const viewTitle = () => document.getElementById('view-title') ?? document.getElementById('events-title');

/** Ids of events: browsers take the two others for steps in a path. */
export const EVENT_ID = {
    pattern: '(?!\\.{1,2}$)[A-Za-z0-9._:\\-]+',
    title: 'Letters, digits and . _ : - (but not . or .. alone)',
};

/** For texts that must be there: what they must match, as an attribute of an input, and what the browser says if not. */
export const NOT_BLANK = { pattern: '.*\\S.*', title: 'At least one character that is no blank' };

/**
 * What a form says, without the fields that were left empty.
 *
 * @param {SubmitEvent} submit
 * @returns {Record<string, string>}
 */
export function fieldsOf(submit) {
    submit.preventDefault();
    const form = /** @type {HTMLFormElement} */ (submit.currentTarget);
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === 'string' && value.trim() !== '');
    return Object.fromEntries(fields.map(([name, value]) => [name, String(value).trim()]));
}
