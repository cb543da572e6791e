import { mayHaveArrived } from './gateway.js';
import { OpenRequests } from './open-requests.js';
import { eventPath } from './page.js';
import { Backoff, pause } from './retry.js';
import { count, dateAndTime, FULL, ordinal, refusal, span } from './words.js';

/** @typedef {import('./gateway.js').Result} Result */
/** @typedef {import('./my-bookings.js').Booking} Booking */
/**
 * @typedef {object} Attempt something that was tried at the desk, and what became of it
 * @property {string} id
 * @property {string} about the event, or the booking, next to which it is shown
 * @property {string} eventId
 * @property {string} what in words
 * @property {number} since when it was asked for first, in milliseconds since 1970
 * @property {'sent' | 'taken' | 'accepted' | 'refused' | 'unanswered'} state
 * @property {string} [outcome] in words
 * @property {string} [reason]
 * @property {string} [detail]
 * @property {import('./gateway.js').Position} [position]
 * @property {string} [line] who was before it, in words
 * @property {Result} [result]
 * @property {Promise<import('./box-office.js').Told>} told what the stream brings of it
 * @property {boolean} [replaced] by another with the same id
 * @property {boolean} [apart] whether it is shown without the dialog that it was tried in
 */

const REMEMBERED = 60;
const LEAVE = 'Leave the line';
const BEGAN_ANEW = 'BEGAN_ANEW';
const UNKNOWN = 'OUTCOME_UNKNOWN';
/** Whoever has no answer is asked about at least so often, and so many times. */
const LONGEST_PAUSE_MILLIS = 60_000;
const MOST_QUESTIONS = 30;
/** How long the stream may take to tell what the answer to a request has told. */
const HEARD_WITHIN_MILLIS = 2_000;
/** Of a thousand bookings each, that are looked through for the latest. */
const MOST_PAGES = 20;
const MOST_AT_ONCE = 30;

/** Where things are tried: each try is sent, watched until it is decided, and remembered with its answer. */
export class Desk {
    #gateway;
    #office;
    #changed;
    #announce;
    #onResult;

    #requests = new OpenRequests();
    /** What is under way, by its id. @type {Map<string, Promise<Attempt>>} */
    #sending = new Map();
    /** Ids of requests that may have arrived, whatever later ones with the same id are told. @type {Set<string>} */
    #inDoubt = new Set();
    #followingUp = false;
    /** Events with more bookings than are looked through. @type {Set<string>} */
    #tooBig = new Set();

    /** @type {Attempt[]} the newest first */
    attempts = [];

    /**
     * @param {import('./gateway.js').Gateway} gateway
     * @param {import('./box-office.js').BoxOffice} office
     * @param {() => void} changed
     * @param {(text: string) => void} announce
     * @param {(result: Result, since: number) => void} onResult told what was decided, as not everybody's stream brings it, and
     *     since when it was asked for, in milliseconds since 1970
     */
    constructor(gateway, office, changed, announce, onResult) {
        this.#gateway = gateway;
        this.#office = office;
        this.#changed = changed;
        this.#announce = announce;
        this.#onResult = onResult;
        // From before the page was loaded. Whether they arrived nobody has said.
        for (const open of this.#requests.all.sort((a, b) => a.since - b.since)) {
            this.#inDoubt.add(open.id);
            const attempt = this.#attempt(open);
            attempt.apart = true;
            this.#leaveOpen(attempt, UNKNOWN);
        }
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
     * @param {object} changes what is not named here stays as it is, whoever changes it
     */
    change(eventId, changes) {
        return this.#try(eventId, eventId, 'Change the event', 'PATCH', '', changes);
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
     */
    #try(about, eventId, what, method, path, body) {
        const whole = eventPath(eventId) + (path && '/' + path);
        return this.#ask(about, eventId, what, method, whole, body);
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
     * @returns {Promise<Attempt>} decided, or given up without an answer
     */
    #ask(about, eventId, what, method, path, body) {
        const wanted = JSON.stringify([method, path, body]);
        const known = this.#requests.find(wanted);
        if (known && !this.#sending.has(known.id)) {
            this.#inDoubt.add(known.id);
        }
        const request = known ?? this.#requests.open({ wanted, about, eventId, what });
        const { id } = request;
        const underWay = this.#sending.get(id);
        if (underWay) {
            return underWay;
        }
        const sending = this.#send(this.#attempt(request), method, path, body).finally(() => {
            if (this.#sending.get(id) === sending) {
                this.#sending.delete(id);
            }
        });
        this.#sending.set(id, sending);
        return sending;
    }

    /**
     * The log in which something stands has been replaced by another. The tables may be the same, and know what was decided
     * before, or will know it: until they do, it stays the same request.
     */
    async beganAnew() {
        await this.askForAnswers();
        for (const attempt of this.#withoutAnswer) {
            this.#inDoubt.add(attempt.id);
            this.#leaveOpen(attempt, BEGAN_ANEW);
        }
        this.#changed();
    }

    /** What is in line, or may be, as far as this page knows. */
    get #withoutAnswer() {
        return this.attempts.filter(({ state }) => state === 'taken' || state === 'unanswered');
    }

    /** Looks what has become of what has no answer; to be called when the page is loaded, and when the connection is back. */
    async askForAnswers() {
        for (const attempt of this.#withoutAnswer) {
            await this.#askFor(attempt, 'v1/commands/' + attempt.id);
        }
    }

    /**
     * Asks the tables: the stream may be away, or not tell.
     *
     * @param {Attempt} attempt
     * @param {string} path
     */
    async #askFor(attempt, path) {
        try {
            const { result } = await this.#gateway.get(path);
            if (result) {
                this.#decided(attempt, result);
            }
        } catch {
            // It has not arrived, or is not decided, or this is not the time to ask.
        }
    }

    /** Asks for what was given up without an answer, with growing pauses. */
    async #followUp() {
        if (this.#followingUp) {
            return;
        }
        this.#followingUp = true;
        const backoff = new Backoff(LONGEST_PAUSE_MILLIS);
        for (let question = 0; question < MOST_QUESTIONS && this.#withoutAnswer.length > 0; question++) {
            await pause(backoff.next());
            await this.askForAnswers();
        }
        this.#followingUp = false;
    }

    /** @param {import('./open-requests.js').OpenRequest} request that is made, or was made before */
    #attempt({ id, about, eventId, what, since }) {
        /** @type {Attempt} */
        const attempt = { id, about, eventId, what, since, state: 'sent', told: this.#office.resultOf(id) };
        const others = this.attempts.filter((other) => {
            other.replaced ||= other.id === id;
            return !other.replaced;
        });
        this.attempts = [attempt, ...others].slice(0, REMEMBERED);
        // The stream may tell what the answer to the request would, had it not been lost.
        void attempt.told.then(({ result }) => this.#decided(attempt, result));
        return attempt;
    }

    /**
     * Nobody can say what has become of it.
     *
     * @param {Attempt} attempt
     * @param {string} reason
     * @param {string} outcome in words
     */
    #leaveOpen(attempt, reason, outcome = refusal({ reason })) {
        attempt.state = 'unanswered';
        attempt.reason = reason;
        attempt.outcome = outcome;
        // Asked for again, it is sent again.
        this.#sending.delete(attempt.id);
        void this.#followUp();
    }

    /**
     * @param {Attempt} attempt
     * @param {string} method
     * @param {string} path
     * @param {object} [body]
     * @returns {Promise<Attempt>} decided, or given up without an answer
     */
    async #send(attempt, method, path, body) {
        const { id } = attempt;
        this.#changed();
        const heard = attempt.told.then(() => undefined);
        const answer = await Promise.race([this.#gateway.write(method, path, body, { commandId: id }), heard]);
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
            this.#turnedAway(attempt, answer);
        }
        return attempt;
    }

    /**
     * @param {Attempt} attempt
     * @param {import('./gateway.js').Answer} answer one that says nothing of the result
     */
    #turnedAway(attempt, { problem, lost }) {
        const before = this.#inDoubt.has(attempt.id);
        attempt.detail = problem?.detail;
        if (lost || before) {
            this.#inDoubt.add(attempt.id);
            const reason = problem?.reason ?? UNKNOWN;
            this.#leaveOpen(attempt, reason, problem && !mayHaveArrived(problem) ? refusal({ reason: UNKNOWN }) : undefined);
        } else {
            attempt.state = 'refused';
            attempt.reason = problem?.reason;
            attempt.outcome = refusal(problem ?? {});
            this.#requests.letGo(attempt.id);
        }
        this.#changed();
        this.#announce(`${attempt.what}: ${attempt.outcome}`);
    }

    /**
     * Asks the tables: the stream may be away, or not tell.
     *
     * @param {Attempt} attempt
     * @param {string} location
     */
    async #askForOutcome(attempt, location) {
        const backoff = new Backoff();
        while (attempt.state === 'taken') {
            await pause(backoff.next());
            await this.#askFor(attempt, location.replace(/^\//, ''));
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
        this.#requests.letGo(attempt.id);
        this.#inDoubt.delete(attempt.id);
        this.#onResult(result, attempt.since);
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
            if (FULL[result.reason ?? '']) {
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
            const shown = heard?.lastTaken;
            // A result that was told again stands before what was taken since.
            const known = shown && shown.position.offset < lost.position.offset;
            const won = known ? shown : await this.#lastTaken(lost);
            if (won) {
                this.#office.taken(won);
            }
            if (won && won.position.partition === lost.position.partition && won.position.offset < lost.position.offset) {
                const before = lost.position.offset - won.position.offset;
                const what = FULL[lost.reason ?? ''];
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
        const path = eventPath(lost.eventId) + '/bookings?limit=1000';
        /** @type {Booking[]} */
        let latest = [];
        let after = '';
        for (let read = 0; read === 0 || after; read++) {
            if (read === MOST_PAGES || this.#tooBig.has(lost.eventId)) {
                this.#tooBig.add(lost.eventId);
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
