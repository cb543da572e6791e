import { pause } from './gateway.js';
import { newCommandId } from './ids.js';
import { count, dateAndTime, ordinal, refusal, span } from './words.js';

/** @typedef {import('./gateway.js').Result} Result */
/**
 * @typedef {object} Attempt something that was tried at the desk, and what became of it
 * @property {string} id
 * @property {string} about the event, or the booking, next to which it is shown
 * @property {string} eventId
 * @property {string} what in words
 * @property {'sent' | 'taken' | 'accepted' | 'refused'} state
 * @property {string} [outcome] in words
 * @property {string} [reason]
 * @property {string} [detail]
 * @property {import('./gateway.js').Position} [position]
 * @property {string} [line] who was before it, in words
 * @property {Result} [result]
 */

const REMEMBERED = 60;
const ASK_AGAIN_MILLIS = 2_000;
/** What somebody else got, by the reason for which this one got nothing. @type {Record<string, string>} */
const WENT = { ALREADY_BOOKED: 'The place', SOLD_OUT: 'The last place', NOT_ENOUGH_SEATS: 'Places last' };

/** Where things are tried: each try is sent, watched until it is decided, and remembered with its answer. */
export class Desk {
    #gateway;
    #office;
    #changed;
    #announce;
    #onResult;

    /** @type {Attempt[]} the newest first */
    attempts = [];

    /**
     * @param {import('./gateway.js').Gateway} gateway
     * @param {import('./box-office.js').BoxOffice} office
     * @param {() => void} changed
     * @param {(text: string) => void} announce
     * @param {(result: Result) => void} onResult told what was decided: not everybody's stream brings it
     */
    constructor(gateway, office, changed, announce, onResult) {
        this.#gateway = gateway;
        this.#office = office;
        this.#changed = changed;
        this.#announce = announce;
        this.#onResult = onResult;
    }

    /** @param {string} about */
    attemptsAbout(about) {
        return this.attempts.filter((attempt) => attempt.about === about);
    }

    /**
     * @param {string} eventId
     * @param {string} userId
     * @param {number} quantity
     */
    book(eventId, userId, quantity) {
        return this.#try(eventId, eventId, `Book ${count(quantity, 'place')} for ${userId}`, 'POST', 'bookings', {
            userId,
            quantity,
        });
    }

    /**
     * @param {string} eventId
     * @param {string} userId
     * @param {number} quantity
     * @param {number} holdSeconds
     */
    hold(eventId, userId, quantity, holdSeconds) {
        const what = `Hold ${count(quantity, 'place')} for ${userId}, ${span(holdSeconds)}`;
        return this.#try(eventId, eventId, what, 'POST', 'bookings', { userId, quantity, holdSeconds });
    }

    /** @param {import('./my-bookings.js').Booking} booking */
    confirm(booking) {
        const what = `Confirm ${count(booking.quantity, 'place')}`;
        const path = `bookings/${booking.bookingId}/confirmation`;
        return this.#try(booking.bookingId, booking.eventId, what, 'POST', path);
    }

    /** @param {import('./my-bookings.js').Booking} booking */
    cancel(booking) {
        const what = `Cancel ${count(booking.quantity, 'place')}`;
        const path = `bookings/${booking.bookingId}?userId=${encodeURIComponent(booking.userId)}`;
        return this.#try(booking.bookingId, booking.eventId, what, 'DELETE', path);
    }

    /**
     * @param {string} eventId
     * @param {string} userId
     * @param {number} quantity
     */
    join(eventId, userId, quantity) {
        const what = `Join the line for ${count(quantity, 'place')} as ${userId}`;
        return this.#try(eventId, eventId, what, 'POST', 'waitlist', { userId, quantity });
    }

    /**
     * @param {string} eventId
     * @param {string} userId
     */
    leave(eventId, userId) {
        const path = `waitlist?userId=${encodeURIComponent(userId)}`;
        return this.#try(eventId, eventId, `Leave the line as ${userId}`, 'DELETE', path);
    }

    /**
     * @param {string} eventId
     * @param {object} changes
     * @param {number} version that the changes were made on
     */
    change(eventId, changes, version) {
        return this.#try(eventId, eventId, 'Change the event', 'PATCH', '', changes, `"${version}"`);
    }

    /** @param {string} eventId */
    close(eventId) {
        return this.#try(eventId, eventId, 'Close the event', 'POST', 'closure');
    }

    /** @param {{eventId?: string, name: string}} event */
    create(event) {
        const commandId = newCommandId();
        const about = 'new event';
        return this.#send(about, event.eventId ?? '', `Make “${event.name}”`, commandId, 'POST', 'v1/events', event);
    }

    /**
     * @param {string} about
     * @param {string} eventId
     * @param {string} what
     * @param {string} method
     * @param {string} path below the event
     * @param {object} [body]
     * @param {string} [ifMatch]
     */
    #try(about, eventId, what, method, path, body, ifMatch) {
        const whole = `v1/events/${encodeURIComponent(eventId)}` + (path && '/' + path);
        return this.#send(about, eventId, what, newCommandId(), method, whole, body, ifMatch);
    }

    /**
     * @param {string} about
     * @param {string} eventId
     * @param {string} what
     * @param {string} id
     * @param {string} method
     * @param {string} path
     * @param {object} [body]
     * @param {string} [ifMatch]
     * @returns {Promise<Attempt>} decided
     */
    async #send(about, eventId, what, id, method, path, body, ifMatch) {
        /** @type {Attempt} */
        const attempt = { id, about, eventId, what, state: 'sent' };
        this.attempts = [attempt, ...this.attempts].slice(0, REMEMBERED);
        this.#changed();
        const answer = await this.#gateway.write(method, path, body, { commandId: id, ifMatch });
        if (answer.kind === 'decided' && answer.result) {
            this.#decided(attempt, answer.result);
        } else if (answer.kind === 'taken') {
            attempt.state = 'taken';
            attempt.position = answer.position;
            this.#changed();
            this.#decided(attempt, await this.#outcomeOf(id, answer.location ?? ''));
        } else {
            attempt.state = 'refused';
            attempt.reason = answer.problem?.reason;
            attempt.detail = answer.problem?.detail;
            attempt.outcome = refusal(answer.problem ?? {});
        }
        this.#changed();
        this.#announce(`${attempt.what}: ${attempt.outcome}`);
        return attempt;
    }

    /**
     * From the stream, or from the tables if the stream is away.
     *
     * @param {string} commandId
     * @param {string} location
     * @returns {Promise<Result>}
     */
    #outcomeOf(commandId, location) {
        const ask = async () => {
            for (;;) {
                await pause(ASK_AGAIN_MILLIS);
                try {
                    const status = await this.#gateway.get(location.replace(/^\//, ''));
                    if (status.result) {
                        return status.result;
                    }
                } catch {
                    // It is taken all the same, and will be decided.
                }
            }
        };
        return Promise.race([this.#office.resultOf(commandId), ask()]);
    }

    /**
     * @param {Attempt} attempt
     * @param {Result} result
     */
    #decided(attempt, result) {
        attempt.result = result;
        this.#onResult(result);
        attempt.eventId = result.eventId;
        attempt.position = result.position;
        if (result.outcome === 'ACCEPTED') {
            attempt.state = 'accepted';
            attempt.outcome = accepted(result);
            return;
        }
        attempt.state = 'refused';
        attempt.reason = result.reason;
        attempt.detail = result.detail;
        attempt.outcome = refusal(result);
        if (WENT[result.reason ?? '']) {
            void this.#tellWhoWasBefore(attempt, result);
        }
    }

    /**
     * Tells where the last place went, and how far before this one its request stood. The stream may have shown it; if
     * not, the tables know.
     *
     * @param {Attempt} attempt
     * @param {Result} lost
     */
    async #tellWhoWasBefore(attempt, lost) {
        try {
            const won = this.#office.lastTaken(lost.eventId) ?? (await this.#lastTaken(lost.eventId));
            if (won && won.position.partition === lost.position.partition && won.position.offset < lost.position.offset) {
                const before = lost.position.offset - won.position.offset;
                const what = WENT[lost.reason ?? ''];
                attempt.line =
                    before === 1
                        ? `${what} went to the request right before yours, offset ${won.position.offset}.`
                        : `${what} went to offset ${won.position.offset}; yours was the ${ordinal(before)} in line after it.`;
                this.#changed();
            }
        } catch {
            // Then the receipt has to do.
        }
    }

    /** @param {string} eventId */
    async #lastTaken(eventId) {
        const { bookings } = await this.#gateway.get(`v1/events/${encodeURIComponent(eventId)}/bookings?limit=1000`);
        const taken = bookings.filter(
            (/** @type {import('./my-bookings.js').Booking} */ { status }) => status === 'CONFIRMED' || status === 'HELD',
        );
        // The id of a booking is that of the command that made it.
        const last = taken.sort(
            (/** @type {{createdAt: string}} */ a, /** @type {{createdAt: string}} */ b) =>
                b.createdAt.localeCompare(a.createdAt),
        )[0];
        return last && (await this.#gateway.get('v1/commands/' + last.bookingId)).result;
    }
}

/** @param {Result} result */
function accepted(result) {
    const places = count(result.quantity ?? 1, 'place');
    switch (result.type) {
        case 'book':
            return `Booked: ${places} for ${result.userId}.`;
        case 'hold':
            return `On hold: ${places} for ${result.userId}, until ${dateAndTime(result.holdExpiresAt ?? '')}.`;
        case 'confirm':
            return 'Confirmed.';
        case 'cancel':
            return 'Cancelled; the places are free again.';
        case 'joinWaitlist':
            return `In line: ${ordinal(result.waitlistPosition ?? 1)}.`;
        case 'leaveWaitlist':
            return 'Left the line.';
        case 'createEvent':
            return 'The event is there.';
        case 'updateEvent':
            return 'The event is changed.';
        case 'closeEvent':
            return 'The event is closed.';
        default:
            return 'Done.';
    }
}
