/**
 * @typedef {object} BookableEvent an event as the gateway tells of it
 * @property {string} eventId
 * @property {string} name
 * @property {string} date
 * @property {string} venue
 * @property {'OPEN' | 'CLOSED'} status
 * @property {boolean} isBooked
 * @property {number} [perUserLimit]
 * @property {string} [salesOpenAt]
 * @property {string} [salesCloseAt]
 * @property {{version: number, capacity: number, confirmed: number, held: number, available: number}} event
 * @property {string} updatedAt
 */
/** @typedef {import('./gateway.js').Result} Result */
/**
 * @typedef {object} Told what the stream brings of a command
 * @property {Result} result
 * @property {Result} [lastTaken] the last result before it that gave places of the event to somebody, if one was seen
 */

const REMEMBERED_RESULTS = 40;
const REMEMBERED_EVENTS = 200;
const TAKES_SEATS = new Set(['book', 'hold']);

/** What the page knows of the events, kept up to date from the stream. */
export class BoxOffice {
    /** @type {Map<string, BookableEvent>} */
    #events = new Map();
    /** Ids of events that may not be as they are known, and may be no more. @type {Set<string>} */
    #doubtful = new Set();
    /** The latest results of an event, the newest first. @type {Map<string, Result[]>} */
    #recent = new Map();
    /** The last result of each event that gave seats to somebody. @type {Map<string, Result>} */
    #lastTaken = new Map();
    /** @type {Map<string, {told: Promise<Told>, tell: (told: Told) => void}>} */
    #awaited = new Map();

    /** @param {string} eventId */
    event(eventId) {
        return this.#events.get(eventId);
    }

    /**
     * Takes in what an event looks like, unless something newer is known.
     *
     * @param {BookableEvent} event
     * @returns {boolean} whether nothing certain was known of it before
     */
    take(event) {
        const known = this.#events.get(event.eventId);
        if (!known || this.#doubtful.delete(event.eventId)) {
            this.#events.set(event.eventId, event);
            return true;
        }
        if (event.event.version >= known.event.version) {
            // The stream does not tell the terms of the sale.
            this.#events.set(event.eventId, { ...known, ...event });
        }
        return false;
    }

    /** Something was missed, or all began anew: whatever is told of an event now counts, also an older version of it. */
    doubt() {
        this.#events.forEach((_, eventId) => this.#doubtful.add(eventId));
        this.#recent.clear();
        this.#lastTaken.clear();
    }

    /** @param {string} eventId that there is none of */
    forget(eventId) {
        this.#events.delete(eventId);
        this.#doubtful.delete(eventId);
    }

    /** @param {Result} result */
    decided(result) {
        const recent = this.#recent.get(result.eventId) ?? [];
        if (!recent.some((known) => known.commandId === result.commandId)) {
            recent.unshift(result);
            recent.length = Math.min(recent.length, REMEMBERED_RESULTS);
        }
        this.#recent.delete(result.eventId);
        this.#recent.set(result.eventId, recent);
        if (this.#recent.size > REMEMBERED_EVENTS) {
            this.#recent.delete(this.#recent.keys().next().value ?? '');
        }
        this.#awaited.get(result.commandId)?.tell({ result, lastTaken: this.#lastTaken.get(result.eventId) });
        this.#awaited.delete(result.commandId);
        if (result.outcome === 'ACCEPTED' && TAKES_SEATS.has(result.type)) {
            this.taken(result);
        }
    }

    /** @param {Result} result that gave places of its event to somebody */
    taken(result) {
        const last = this.#lastTaken.get(result.eventId);
        // A result that is told again, as its command was sent again, is that of long ago.
        if (!last || last.position.offset < result.position.offset) {
            this.#lastTaken.set(result.eventId, result);
        }
    }

    /** @param {string} eventId */
    recentResults(eventId) {
        return this.#recent.get(eventId) ?? [];
    }

    /**
     * @param {string} commandId
     * @returns {Promise<Told>} its result, once the stream brings it
     */
    resultOf(commandId) {
        let awaited = this.#awaited.get(commandId);
        if (!awaited) {
            /** @type {(told: Told) => void} */
            let tell = () => {};
            const told = new Promise((/** @type {(told: Told) => void} */ resolve) => {
                tell = resolve;
            });
            awaited = { told, tell };
            this.#awaited.set(commandId, awaited);
        }
        return awaited.told;
    }
}
