import { newCommandId } from './ids.js';
import { forAllTabs } from './shelf.js';

/**
 * @typedef {object} OpenRequest one whose result is not known: asked for again it is sent again, with its id
 * @property {string} id its command's
 * @property {string} wanted what is asked for
 * @property {string} about the event, or the booking, next to which it is shown
 * @property {string} eventId
 * @property {string} what in words
 * @property {number} since milliseconds since 1970
 */

const PREFIX = 'booking.open.';
/** The engine keeps its answers for so long, unless told otherwise. */
const KEPT_MILLIS = 7 * 86_400_000;

/**
 * What was asked for and has no answer yet. The browser keeps it, so that neither a reload nor another tab makes another
 * request of it; it is let go when its result is known.
 */
export class OpenRequests {
    /** Those that are shown in this tab: they stay the same here although another tab knows the result. */
    #here = stored();

    get all() {
        return [...this.#here.values()];
    }

    /**
     * The request for this, if there is one without an answer, in this tab or in another.
     *
     * @param {string} wanted
     */
    find(wanted) {
        const asksForThis = (/** @type {OpenRequest} */ open) => open.wanted === wanted;
        const open = this.all.find(asksForThis) ?? [...stored().values()].find(asksForThis);
        if (open) {
            this.#here.set(open.id, open);
        }
        return open;
    }

    /**
     * @param {Omit<OpenRequest, 'id' | 'since'>} request
     * @returns {OpenRequest}
     */
    open(request) {
        const open = { ...request, id: newCommandId(), since: Date.now() };
        this.#here.set(open.id, open);
        forAllTabs.put(PREFIX + open.id, JSON.stringify(open));
        return open;
    }

    /** @param {string} id of a request whose result is known */
    letGo(id) {
        this.#here.delete(id);
        forAllTabs.remove(PREFIX + id);
    }
}

/** @returns {Map<string, OpenRequest>} by their ids, those that the browser keeps */
function stored() {
    const requests = new Map();
    for (const name of forAllTabs.names.filter((name) => name.startsWith(PREFIX))) {
        const open = readOpenRequest(forAllTabs.get(name) ?? '');
        if (open && PREFIX + open.id === name && Date.now() - open.since < KEPT_MILLIS) {
            requests.set(open.id, open);
        } else {
            forAllTabs.remove(name);
        }
    }
    return requests;
}

/**
 * @param {string} text
 * @returns {OpenRequest | undefined} nothing when it is none, as after a change of the page
 */
function readOpenRequest(text) {
    try {
        const open = JSON.parse(text);
        const texts = [open.id, open.wanted, open.about, open.eventId, open.what];
        return texts.every((part) => typeof part === 'string') && typeof open.since === 'number' ? open : undefined;
    } catch {
        return undefined;
    }
}
