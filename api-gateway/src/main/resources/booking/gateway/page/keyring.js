import { forThisTab } from './shelf.js';

const NAME = 'booking.key';
/** A bearer token as RFC 6750 has it (section 2.1); nothing else can be sent in a header as it is. */
const FORM = /^[A-Za-z0-9._~+/-]+=*$/;

/** @param {string} text */
export const isKey = (text) => FORM.test(text);

/** The key that this tab calls with: kept for the tab only, and asked for once when one is wanted. */
export class Keyring {
    #ask;
    #onKey;
    /** @type {Promise<boolean> | undefined} */
    #asking;
    /** @type {(() => void)[]} */
    #waiting = [];

    /** Whether the page was told to go on without. */
    declined = false;

    /**
     * @param {(before: string) => Promise<string | undefined>} ask for a key, told which one was used before; nothing when
     *     there is none to be had
     * @param {() => void} onKey called when there is another key, or is to be none
     */
    constructor(ask, onKey) {
        this.#ask = ask;
        this.#onKey = onKey;
    }

    /** Empty when there is none. */
    get key() {
        const key = forThisTab.get(NAME) ?? '';
        return isKey(key) ? key : '';
    }

    /**
     * To be called when a call was refused for want of a good key. Calls that are refused together wait for one dialog; who
     * wants to go on without is not asked again.
     *
     * @param {string} refused the key that the call had
     * @returns {Promise<boolean>} whether to call again
     */
    async another(refused) {
        if (refused !== this.key) {
            // The refusal comes late: there is another key by now.
            return true;
        }
        return this.declined ? false : this.ask();
    }

    /** @returns {Promise<boolean>} whether there is a key now */
    ask() {
        this.#asking ??= this.#ask(this.key).then((key) => {
            this.#asking = undefined;
            this.declined = key === undefined;
            if (key === undefined) {
                forThisTab.remove(NAME);
            } else {
                forThisTab.put(NAME, key);
                this.#waiting.forEach((go) => go());
                this.#waiting = [];
            }
            this.#onKey();
            return key !== undefined;
        });
        return this.#asking;
    }

    /** @returns {Promise<void>} once there is another key */
    next() {
        return new Promise((resolve) => this.#waiting.push(resolve));
    }
}
