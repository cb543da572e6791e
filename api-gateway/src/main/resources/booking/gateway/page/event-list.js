import { mayPass, whyNot } from './gateway.js';
import { Backoff } from './retry.js';

/** @typedef {import('./box-office.js').BookableEvent} BookableEvent */

const PAGE = 500;
/** How near the end of what is loaded somebody may scroll before the next page is asked for. */
const AHEAD = 300;
const SEARCH_PAUSE_MILLIS = 200;

/** The events that are listed: those that match a search, in the order of their ids, loaded as they are looked at. */
export class EventList {
    #gateway;
    #office;
    #changed;
    #search = 0;
    #timer = 0;
    #loading = false;
    #after = '';
    #backoff = new Backoff();
    /** What came while something was being read, and may not be in it. @type {Map<string, BookableEvent>} */
    #arrived = new Map();

    /** @type {string[]} */
    ids = [];
    /** As it was typed. */
    text = '';
    /** Whether there are no more. */
    complete = false;
    /** Why it cannot be read, in words; empty when it can. */
    failure = '';
    tryingAgain = false;

    /**
     * @param {import('./gateway.js').Gateway} gateway
     * @param {import('./box-office.js').BoxOffice} office
     * @param {() => void} changed
     */
    constructor(gateway, office, changed) {
        this.#gateway = gateway;
        this.#office = office;
        this.#changed = changed;
    }

    get loading() {
        return this.#loading;
    }

    /** What ids, names or venues contain. */
    get query() {
        return this.text.trim();
    }

    /** @param {string} text that ids, names or venues contain */
    search(text) {
        this.text = text;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.reload(), SEARCH_PAUSE_MILLIS);
    }

    /** Reads anew from the start, and far enough to show again what is shown now. */
    async reload() {
        const search = ++this.#search;
        clearTimeout(this.#timer);
        const wanted = Math.min(this.ids.length, 20 * PAGE);
        /** @type {string[]} */
        const ids = [];
        let after = '';
        this.#loading = true;
        this.#changed();
        try {
            do {
                const page = await this.#page(after);
                if (search !== this.#search) {
                    return;
                }
                ids.push(...this.#take(page));
                after = page.after ?? '';
            } while (after && ids.length < wanted);
            this.ids = ids;
            this.#after = after;
            this.complete = !after;
            this.#insertArrived();
            this.failure = '';
            this.#backoff.reset();
        } catch (failure) {
            if (search === this.#search) {
                this.#fail(failure, () => this.reload());
            }
        } finally {
            if (search === this.#search) {
                this.#loading = false;
                this.#changed();
            }
        }
    }

    /** @param {number} index of an event that is looked at: what comes after it is loaded in time */
    async lookAt(index) {
        if (this.complete || this.#loading || this.failure || index < this.ids.length - AHEAD) {
            return;
        }
        const search = this.#search;
        this.#loading = true;
        try {
            const page = await this.#page(this.#after);
            if (search !== this.#search) {
                return;
            }
            const known = new Set(this.ids);
            this.ids = this.ids.concat(this.#take(page).filter((id) => !known.has(id)));
            this.#after = page.after ?? '';
            this.complete = !page.after;
            this.#insertArrived();
            this.#backoff.reset();
        } catch (failure) {
            if (search === this.#search) {
                this.#fail(failure, () => this.lookAt(index));
            }
        } finally {
            if (search === this.#search) {
                this.#loading = false;
                this.#changed();
            }
        }
    }

    /** @param {BookableEvent} event one that may be new */
    insert(event) {
        if (this.#loading) {
            this.#arrived.set(event.eventId, event);
        }
        this.#insert(event);
    }

    #insertArrived() {
        this.#arrived.forEach((event) => this.#insert(event));
        this.#arrived.clear();
    }

    /** @param {BookableEvent} event */
    #insert(event) {
        const text = this.query.toLowerCase();
        const matches = [event.eventId, event.name, event.venue].some((part) => part.toLowerCase().includes(text));
        const last = this.ids.at(-1);
        if (!matches || (!this.complete && (last === undefined || event.eventId > last))) {
            return;
        }
        let low = 0;
        let high = this.ids.length;
        while (low < high) {
            const middle = (low + high) >>> 1;
            if (this.ids[middle] < event.eventId) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (this.ids[low] !== event.eventId) {
            this.ids.splice(low, 0, event.eventId);
        }
    }

    /** @param {string} after */
    #page(after) {
        const parameters = new URLSearchParams({ limit: String(PAGE) });
        if (after) {
            parameters.set('after', after);
        }
        if (this.query) {
            parameters.set('q', this.query);
        }
        return this.#gateway.get('v1/events?' + parameters);
    }

    /** @param {{events: BookableEvent[]}} page */
    #take(page) {
        return page.events.map((event) => {
            this.#office.take(event);
            return event.eventId;
        });
    }

    /**
     * @param {unknown} failure
     * @param {() => void} again
     */
    #fail(failure, again) {
        this.failure = whyNot(failure);
        this.tryingAgain = mayPass(failure);
        if (this.tryingAgain) {
            this.#timer = setTimeout(() => {
                this.failure = '';
                again();
            }, this.#backoff.next());
        }
    }
}
