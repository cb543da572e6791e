import { mayHaveArrived } from './gateway.js';
import { newCommandId } from './ids.js';
import { pause } from './retry.js';
import { count, dateAndTime, ordinal, refusal, span } from './words.js';

/** @typedef {import('./gateway.js').Result} Result */
/** @typedef {import('./my-bookings.js').Booking} Booking */
/**
 * @typedef {object} Attempt something that was tried at the desk, and what became of it
 * @property {string} id
 * @property {string} about the event, or the booking, next to which it is shown
 * @property {string} eventId
 * @property {string} what in words
 * @property {'sent' | 'taken' | 'accepted' | 'refused' | 'unanswered'} state
 * @property {string} [outcome] in words
 * @property {string} [reason]
 * @property {string} [detail]
 * @property {import('./gateway.js').Position} [position]
 * @property {string} [line] who was before it, in words
 * @property {Result} [result]
 * @property {Promise<import('./box-office.js').Told>} told what the stream brings of it
 * @property {boolean} [replaced] by another with the same id
 */

const REMEMBERED = 60;
const LEAVE = 'Leave the line';
const GONE = 'BEGAN_ANEW';
const ASK_AGAIN_MILLIS = 2_000;
/** How long the stream may take to tell what the answer to a request has told. */
const HEARD_WITHIN_MILLIS = 2_000;
/** Of a thousand bookings each, that are looked through for the latest. */
const MOST_PAGES = 20;
const MOST_AT_ONCE = 30;
/** What somebody else got, by the reason for which this one got nothing. @type {Record<string, string>} */
const WENT = { ALREADY_BOOKED: 'The place', SOLD_OUT: 'The last place', NOT_ENOUGH_SEATS: 'Places last' };

/** Where things are tried: each try is sent, watched until it is decided, and remembered with its answer. */
export class Desk {
    #gateway;
    #office;
    #changed;
    #announce;
    #onResult;

    /**
     * What has no answer yet, by what is asked for: asked for again, it is the same request, sent again with its id.
     *
     * @type {Map<string, {id: string, sending: Promise<Attempt> | undefined}>}
     */
    #open = new Map();

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
        const name = this.#office.event(eventId)?.name ?? eventId;
        return this.#try(eventId, eventId, `${LEAVE} for ${name} as ${userId}`, 'DELETE', path);
    }

    /** Attempts to leave a line: what is left is not there any more to have its answer next to it. */
    get leavings() {
        return this.attempts.filter(({ what }) => what.startsWith(LEAVE));
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
        return this.#ask('new event', event.eventId ?? '', `Make “${event.name}”`, 'POST', 'v1/events', event);
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
        return this.#ask(about, eventId, what, method, whole, body, ifMatch);
    }

    /**
     * Asks for something, once for as long as nobody has answered: a request that may have arrived is sent again rather
     * than made again, however often and by whatever button.
     *
     * @param {string} about
     * @param {string} eventId
     * @param {string} what
     * @param {string} method
     * @param {string} path
     * @param {object} [body]
     * @param {string} [ifMatch]
     * @returns {Promise<Attempt>} decided, or given up without an answer
     */
    #ask(about, eventId, what, method, path, body, ifMatch) {
        const wanted = JSON.stringify([method, path, body, ifMatch]);
        const open = this.#open.get(wanted) ?? { id: newCommandId(), sending: undefined };
        this.#open.set(wanted, open);
        open.sending ??= this.#send(about, eventId, what, open.id, method, path, body, ifMatch).finally(() => {
            open.sending = undefined;
        });
        return open.sending;
    }

    /** @param {string} id of a command that has its answer: asked for again, it would be another one */
    #answered(id) {
        for (const [wanted, open] of this.#open) {
            if (open.id === id) {
                this.#open.delete(wanted);
            }
        }
    }

    /** The log in which something stands has been replaced by another, in which nobody will ever decide it. */
    beganAnew() {
        for (const attempt of this.attempts.filter(({ state }) => state === 'taken' || state === 'unanswered')) {
            attempt.state = 'refused';
            attempt.reason = GONE;
            attempt.outcome = refusal({ reason: GONE });
            this.#answered(attempt.id);
        }
    }

    /** Looks what has become of what was given up without an answer; to be called when the connection is back. */
    async askForAnswers() {
        for (const attempt of this.attempts.filter(({ state }) => state === 'unanswered')) {
            try {
                const { result } = await this.#gateway.get('v1/commands/' + attempt.id);
                if (result) {
                    this.#decided(attempt, result);
                }
            } catch {
                // It has not arrived, or is not decided, or this is not the time to ask.
            }
        }
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
     * @returns {Promise<Attempt>} decided, or given up without an answer
     */
    async #send(about, eventId, what, id, method, path, body, ifMatch) {
        /** @type {Attempt} */
        const attempt = { id, about, eventId, what, state: 'sent', told: this.#office.resultOf(id) };
        const others = this.attempts.filter((other) => {
            other.replaced ||= other.id === id;
            return !other.replaced;
        });
        this.attempts = [attempt, ...others].slice(0, REMEMBERED);
        this.#changed();
        // The stream may tell what the answer to the request would, had it not been lost.
        const heard = attempt.told.then(({ result }) => this.#decided(attempt, result));
        const answer = await Promise.race([this.#gateway.write(method, path, body, { commandId: id, ifMatch }), heard]);
        if (!answer || attempt.result) {
            return attempt;
        }
        if (answer.kind === 'decided' && answer.result) {
            this.#decided(attempt, answer.result);
        } else if (answer.kind === 'taken') {
            attempt.state = 'taken';
            attempt.position = answer.position;
            this.#changed();
            await Promise.race([heard, this.#askForOutcome(attempt, answer.location ?? '')]);
        } else {
            const { problem } = answer;
            attempt.state = problem && mayHaveArrived(problem) ? 'unanswered' : 'refused';
            attempt.reason = problem?.reason;
            attempt.detail = problem?.detail;
            attempt.outcome = refusal(problem ?? {});
            if (attempt.state === 'refused') {
                this.#answered(id);
            }
            this.#changed();
            this.#announce(`${attempt.what}: ${attempt.outcome}`);
        }
        return attempt;
    }

    /**
     * Asks the tables: the stream may be away, or not tell.
     *
     * @param {Attempt} attempt
     * @param {string} location
     */
    async #askForOutcome(attempt, location) {
        while (attempt.state === 'taken') {
            await pause(ASK_AGAIN_MILLIS);
            try {
                const { result } = await this.#gateway.get(location.replace(/^\//, ''));
                if (result) {
                    this.#decided(attempt, result);
                }
            } catch {
                // It is taken all the same, and will be decided.
            }
        }
    }

    /**
     * @param {Attempt} attempt
     * @param {Result} result
     */
    #decided(attempt, result) {
        if (attempt.result || attempt.replaced) {
            return;
        }
        attempt.result = result;
        this.#answered(attempt.id);
        this.#onResult(result);
        attempt.eventId = result.eventId;
        attempt.position = result.position;
        attempt.reason = result.reason;
        attempt.detail = result.detail;
        if (result.outcome === 'ACCEPTED') {
            attempt.state = 'accepted';
            attempt.outcome = accepted(result);
        } else {
            attempt.state = 'refused';
            attempt.outcome = refusal(result);
            if (WENT[result.reason ?? '']) {
                void this.#tellWhoWasBefore(attempt, result);
            }
        }
        this.#changed();
        this.#announce(`${attempt.what}: ${attempt.outcome}`);
    }

    /**
     * Tells where the last place went, and how far before this one its request stood. The stream has shown it, if it was
     * taken since the page was opened; if not, the tables know.
     *
     * @param {Attempt} attempt
     * @param {Result} lost
     */
    async #tellWhoWasBefore(attempt, lost) {
        try {
            // What the stream showed last may be old by now; what it showed right before this result is not.
            const heard = await Promise.race([attempt.told, pause(HEARD_WITHIN_MILLIS)]);
            const won = heard?.lastTaken ?? (await this.#lastTaken(lost));
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

    /**
     * @param {Result} lost
     * @returns {Promise<Result | undefined>} of the latest booking before this result that has places now; nothing when
     *     there are too many to look through
     */
    async #lastTaken(lost) {
        const path = `v1/events/${encodeURIComponent(lost.eventId)}/bookings?limit=1000`;
        /** @type {Booking[]} */
        let latest = [];
        let after = '';
        for (let read = 0; read === 0 || after; read++) {
            if (read === MOST_PAGES) {
                return undefined;
            }
            // They come in the order of their ids, so the latest can be anywhere.
            const page = await this.#gateway.get(path + (after && '&after=' + after));
            const taken = page.bookings.filter(
                (/** @type {Booking} */ { status, createdAt }) =>
                    (status === 'CONFIRMED' || status === 'HELD') && Date.parse(createdAt) <= Date.parse(lost.decidedAt),
            );
            const time = Math.max(...[...latest, ...taken].map(({ createdAt }) => Date.parse(createdAt)));
            latest = [...latest, ...taken].filter(({ createdAt }) => Date.parse(createdAt) === time);
            after = page.after ?? '';
        }
        if (latest.length > MOST_AT_ONCE) {
            return undefined;
        }
        // The id of a booking is that of the command that made it. Of those of one millisecond the log knows the last.
        const results = await Promise.all(
            latest.map(async ({ bookingId }) => (await this.#gateway.get('v1/commands/' + bookingId)).result),
        );
        return results
            .filter(({ position }) => position.offset < lost.position.offset)
            .sort((a, b) => b.position.offset - a.position.offset)[0];
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
