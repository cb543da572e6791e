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

const REMEMBERED_RESULTS = 40;
const REMEMBERED_EVENTS = 200;
const TAKES_SEATS = new Set(['book', 'hold']);

/** What the page knows of the events, kept up to date from the stream. */
export class BoxOffice {
    /** @type {Map<string, BookableEvent>} */
    #events = new Map();
    /** The latest results of an event, the newest first. @type {Map<string, Result[]>} */
    #recent = new Map();
    /** The last result of each event that gave seats to somebody. @type {Map<string, Result>} */
    #lastTaken = new Map();
    /** @type {Map<string, (result: Result) => void>} */
    #awaited = new Map();

    /** How many results have come since the page was opened. */
    resultsSeen = 0;

    /** @param {string} eventId */
    event(eventId) {
        return this.#events.get(eventId);
    }

    /**
     * Takes in what an event looks like, unless something newer is known.
     *
     * @param {BookableEvent} event
     * @returns {boolean} whether it was not known before
     */
    take(event) {
        const known = this.#events.get(event.eventId);
        if (!known) {
            this.#events.set(event.eventId, event);
            return true;
        }
        if (event.event.version >= known.event.version) {
            // The stream does not tell the terms of the sale.
            this.#events.set(event.eventId, { ...known, ...event });
        }
        return false;
    }

    /** @param {Result} result */
    decided(result) {
        this.resultsSeen++;
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
        if (result.outcome === 'ACCEPTED' && TAKES_SEATS.has(result.type)) {
            this.#lastTaken.set(result.eventId, result);
        }
        this.#awaited.get(result.commandId)?.(result);
        this.#awaited.delete(result.commandId);
    }

    /** @param {string} eventId */
    recentResults(eventId) {
        return this.#recent.get(eventId) ?? [];
    }

    /** @param {string} eventId */
    lastTaken(eventId) {
        return this.#lastTaken.get(eventId);
    }

    /**
     * @param {string} commandId
     * @returns {Promise<Result>} its result, once the stream brings it
     */
    resultOf(commandId) {
        return new Promise((resolve) => this.#awaited.set(commandId, resolve));
    }
}
