import { GatewayError } from './gateway.js';
import { refusal } from './words.js';

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
const REFRESH_PAUSE_MILLIS = 250;
const AGAIN_MILLIS = 2_000;
const WAITLIST_MOVES = new Set(['joinWaitlist', 'leaveWaitlist', 'hold']);

/** What one user has booked, holds and waits for. Read from the tables, and again whenever the stream says that it changed. */
export class MyBookings {
    #gateway;
    #changed;
    #timer = 0;
    #reading = 0;

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
        this.user = localStorage.getItem(NAME) ?? 'guest-' + Math.random().toString(36).slice(2, 6);
        // A guest who comes again is the same guest.
        localStorage.setItem(NAME, this.user);
    }

    /** @param {string} user */
    become(user) {
        if (user === this.user) {
            return;
        }
        this.user = user;
        localStorage.setItem(NAME, user);
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
        if (result.outcome !== 'ACCEPTED') {
            return;
        }
        const booking = this.bookings.find((mine) => mine.bookingId === result.bookingId);
        if (booking && result.status) {
            // At once; the tables are asked in a moment for the rest.
            booking.status = /** @type {Booking['status']} */ (result.status);
            booking.holdExpiresAt = result.holdExpiresAt;
        }
        const lineMoved = WAITLIST_MOVES.has(result.type) && this.waits.some((wait) => wait.eventId === result.eventId);
        if (booking || result.userId === this.user || lineMoved) {
            this.#readSoon();
        }
    }

    /** @param {string} eventId whose places have changed, for whatever reason: a line may have moved, or a hold run out */
    eventChanged(eventId) {
        const open = this.ofEvent(eventId).some(({ status }) => status === 'HELD');
        if (open || this.waitFor(eventId)) {
            this.#readSoon();
        }
    }

    #readSoon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.read(), REFRESH_PAUSE_MILLIS);
    }

    /** Reads everything anew. */
    async read() {
        const reading = ++this.#reading;
        clearTimeout(this.#timer);
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
            if (reading === this.#reading) {
                this.bookings = bookings.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
                this.waits = entries;
                this.loaded = true;
                this.trouble = '';
                this.#changed();
            }
        } catch (failure) {
            if (reading !== this.#reading) {
                return;
            }
            const refused = failure instanceof GatewayError && failure.problem.status < 500;
            this.trouble = refused ? refusal(failure.problem) : '';
            this.#changed();
            if (!refused) {
                this.#timer = setTimeout(() => this.read(), AGAIN_MILLIS);
            }
        }
    }
}
