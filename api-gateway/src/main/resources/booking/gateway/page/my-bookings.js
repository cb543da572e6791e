import { mayPass, whyNot } from './gateway.js';
import { Backoff } from './retry.js';
import { forAllTabs } from './shelf.js';

/**
 * @typedef {object} Booking
 * @property {string} bookingId
 * @property {string} eventId
 * @property {string} userId
 * @property {number} quantity
 * @property {'CONFIRMED' | 'HELD' | 'CANCELLED' | 'EXPIRED'} status
 * @property {string} [holdExpiresAt]
 * @property {string} createdAt
 * @property {string} updatedAt
 */
/**
 * @typedef {object} WaitlistEntry
 * @property {string} eventId
 * @property {number} quantity
 * @property {string} joinedAt
 * @property {number} waitlistPosition 1 is next
 */

const NAME = 'booking.user';
/** The tables are asked so soon after something has changed, and for what may have; and not again before. */
const REFRESH_MILLIS = 250;
const LOOK_MILLIS = 1_000;
const WAITLIST_MOVES = new Set(['joinWaitlist', 'leaveWaitlist', 'hold']);

/** What one user has booked, holds and waits for. Read from the tables, and again whenever the stream says that it changed. */
export class MyBookings {
    #gateway;
    #changed;
    #timer = 0;
    #readings = 0;
    /** Whether one is under way, and whether something has changed since it began. */
    #reading = false;
    #outdated = false;
    /** When the last one was over, in milliseconds of `performance.now()`. */
    #readAt = 0;
    /** Whether they are not for whoever asks: then nothing that happens makes it worth asking again. */
    #refused = false;
    #backoff = new Backoff();

    /** @type {Booking[]} the newest first */
    bookings = [];
    /** @type {WaitlistEntry[]} */
    waits = [];
    loaded = false;
    /** Why they cannot be shown, such as that they are somebody else's. */
    trouble = '';

    /**
     * @param {import('./gateway.js').Gateway} gateway
     * @param {() => void} changed
     */
    constructor(gateway, changed) {
        this.#gateway = gateway;
        this.#changed = changed;
        this.user = forAllTabs.get(NAME) ?? 'guest-' + Math.random().toString(36).slice(2, 6);
        // A guest who comes again is the same guest.
        forAllTabs.put(NAME, this.user);
    }

    /** @param {string} user */
    become(user) {
        if (user === this.user) {
            return;
        }
        this.user = user;
        forAllTabs.put(NAME, user);
        this.bookings = [];
        this.waits = [];
        this.loaded = false;
        this.#changed();
        void this.read();
    }

    /** @param {string} eventId */
    ofEvent(eventId) {
        return this.bookings.filter((booking) => booking.eventId === eventId);
    }

    /** @param {string} eventId */
    waitFor(eventId) {
        return this.waits.find((wait) => wait.eventId === eventId);
    }

    /** @param {import('./gateway.js').Result} result */
    decided(result) {
        const booking = this.bookings.find((mine) => mine.bookingId === result.bookingId);
        // What made a booking that is known is no news: told again, as when it was sent again, it says what was long ago.
        if (booking && result.status && result.outcome === 'ACCEPTED' && result.commandId !== booking.bookingId) {
            // At once; the tables are asked in a moment for the rest.
            booking.status = /** @type {Booking['status']} */ (result.status);
            booking.holdExpiresAt = result.holdExpiresAt;
        }
        // A refusal of what was asked for here may say that it is known here no longer as it is.
        const lineMoved = WAITLIST_MOVES.has(result.type) && this.waits.some((wait) => wait.eventId === result.eventId);
        if (booking || result.userId === this.user || lineMoved) {
            this.#readSoon();
        }
    }

    /**
     * @param {string} eventId whose places have changed, for whatever reason: a line may have moved, or a hold run out
     * @param {boolean} told whether the stream also tells whose doing it was; otherwise it may have been this user's
     */
    eventChanged(eventId, told) {
        const open = this.ofEvent(eventId).some(({ status }) => status === 'HELD');
        if (open || this.waitFor(eventId)) {
            this.#readSoon();
        } else if (!told) {
            this.#readSoon(LOOK_MILLIS);
        }
    }

    /** However much changes meanwhile, the tables are asked then: waiting for a quiet moment could take for ever. */
    #readSoon(pause = REFRESH_MILLIS) {
        if (this.#reading) {
            this.#outdated = true;
        } else if (!this.#refused) {
            const rest = this.#readAt + LOOK_MILLIS - performance.now();
            this.#timer ||= setTimeout(() => this.read(), Math.max(pause, rest));
        }
    }

    /** Reads everything anew. */
    async read() {
        const reading = ++this.#readings;
        clearTimeout(this.#timer);
        this.#timer = 0;
        this.#reading = true;
        this.#outdated = false;
        this.#refused = false;
        const user = encodeURIComponent(this.user);
        try {
            /** @type {Booking[]} */
            const bookings = [];
            let after = '';
            do {
                const page = await this.#gateway.get(`v1/users/${user}/bookings?limit=1000${after && '&after=' + after}`);
                bookings.push(...page.bookings);
                after = page.after ?? '';
            } while (after);
            const { entries } = await this.#gateway.get(`v1/users/${user}/waitlist`);
            if (reading === this.#readings) {
                this.bookings = bookings.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
                this.waits = entries;
                this.loaded = true;
                this.trouble = '';
                this.#backoff.reset();
            }
        } catch (failure) {
            if (reading === this.#readings) {
                const again = mayPass(failure);
                this.#refused = !again;
                this.trouble = again ? `They cannot be read now: ${whyNot(failure)} Trying again…` : whyNot(failure);
                if (again) {
                    this.#timer = setTimeout(() => this.read(), this.#backoff.next());
                }
            }
        }
        if (reading === this.#readings) {
            this.#reading = false;
            this.#readAt = performance.now();
            this.#changed();
            if (this.#outdated) {
                this.#readSoon();
            }
        }
    }
}
