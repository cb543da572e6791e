/** Everything that the page says in words about times, numbers and refusals. */

const NUMBER = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact' });
const DATE = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const SECOND = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const ZONE = new Intl.DateTimeFormat('en', { timeZoneName: 'short' });
const ORDINAL = new Intl.PluralRules('en', { type: 'ordinal' });
const SUFFIXES = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' };

/** @param {number} value */
export const number = (value) => NUMBER.format(value);

/** @param {number} value where there is little room: 12, 1.2K, 2.1B */
export const compact = (value) => COMPACT.format(value);

/** @param {number} value such as 17, for 17th */
export const ordinal = (value) => number(value) + SUFFIXES[ORDINAL.select(value)];

/**
 * @param {number} count
 * @param {string} noun
 */
export const count = (count, noun) => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** @param {string} instant */
export function dateAndTime(instant) {
    const date = new Date(instant);
    return Number.isNaN(date.getTime()) ? instant : `${DATE.format(date)}, ${TIME.format(date)}`;
}

/**
 * @param {string} instant
 * @returns {string} the name of the time zone that times are told in, as it is then, such as GMT+2
 */
export const zone = (instant) => ZONE.formatToParts(new Date(instant)).find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** @param {string} instant */
export const clock = (instant) => SECOND.format(new Date(instant));

/** @param {number} millis such as 4.2 ms, 310 ms, 1.3 s */
export function duration(millis) {
    if (millis < 10) {
        return `${millis.toFixed(1)} ms`;
    }
    return millis < 1_000 ? `${Math.round(millis)} ms` : `${(millis / 1_000).toFixed(1)} s`;
}

/** @param {number} seconds such as 10 seconds, 1 minute, 2 hours */
export function span(seconds) {
    if (seconds % 3_600 === 0) {
        return count(seconds / 3_600, 'hour');
    }
    return seconds % 60 === 0 ? count(seconds / 60, 'minute') : count(seconds, 'second');
}

/** @param {number} millis left of a hold, as 9:05 */
export function countdown(millis) {
    const seconds = Math.max(0, Math.ceil(millis / 1_000));
    const hours = Math.floor(seconds / 3_600);
    const minutes = Math.floor(seconds / 60) % 60;
    const rest = String(seconds % 60).padStart(2, '0');
    return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** @param {import('./gateway.js').Position} position */
export const receipt = (position) => `partition ${position.partition}, offset ${position.offset}`;

/** @type {Record<string, string>} */
const REFUSALS = {
    INVALID_COMMAND: 'The desk could not make sense of this.',
    COMMAND_ID_REUSED: 'This receipt number was used for something else before.',
    EVENT_EXISTS: 'There is an event with this id already.',
    TIME_SLOT_TAKEN: 'Another event has this venue at this time.',
    EVENT_NOT_FOUND: 'There is no such event.',
    VERSION_CONFLICT: 'The event has changed since you looked at it. Look again, then decide.',
    BOOKING_NOT_FOUND: 'There is no such booking.',
    NOT_THE_OWNER: 'This booking belongs to somebody else.',
    BOOKING_CANCELLED: 'This booking was cancelled before.',
    HOLD_EXPIRED: 'The time to confirm is over; the places were given back.',
    ALREADY_CONFIRMED: 'This booking is confirmed already.',
    HOLD_NOT_EXPIRED: 'This hold still has time.',
    EVENT_CLOSED: 'The event is closed and takes no further bookings.',
    SALES_NOT_OPEN: 'Sales have not begun yet.',
    SALES_CLOSED: 'Sales are over.',
    USER_LIMIT_REACHED: 'That would be more places than one person may have here.',
    ALREADY_BOOKED: 'The one place of this event is taken.',
    SOLD_OUT: 'All places are taken.',
    NOT_ENOUGH_SEATS: 'There are not so many places left.',
    CAPACITY_BELOW_TAKEN: 'More places than that are taken already.',
    ALREADY_ON_WAITLIST: 'You are in this line already.',
    NOT_ON_WAITLIST: 'You do not stand in this line.',
    SEATS_AVAILABLE: 'There is nothing to wait for: places are free.',
    NO_CONNECTION: 'There is no connection to the gateway, so nobody can say whether this arrived. Trying again is safe: it happens once.',
    CANNOT_READ: 'There is no connection to the gateway.',
    OUTCOME_UNKNOWN: 'Nobody can say yet what became of this. Trying again is safe: it happens once.',
    KAFKA_UNAVAILABLE: 'The desk cannot be reached at the moment. Nothing has happened; try again.',
    DATABASE_UNAVAILABLE: 'The books cannot be read at the moment.',
    WAITING_ROOM_FULL: 'Too many people are asking at once. Nothing has happened; try again in a moment.',
    RATE_LIMITED: 'You have asked too often. Nothing has happened; try again in a moment.',
    TOO_MANY_AT_ONCE: 'You have too much going on at once. Nothing has happened; try again in a moment.',
    PROCESSOR_BEHIND: 'The engine is behind and takes nothing new. Nothing has happened; try again in a moment.',
    TOO_MANY_ANSWERS: 'Too many people are looking at long lists. Try again in a moment.',
    TOO_MANY_STREAMS: 'Too many people are watching.',
    MALFORMED_REQUEST: 'The gateway could not read this.',
    NOT_AUTHENTICATED: 'The gateway wants a key for this.',
    FORBIDDEN: 'Your key does not allow this.',
    NO_ADDRESS: 'A browser cannot ask for this: it takes an id of one or two dots for a step in a path.',
    BEGAN_ANEW: 'The engine has another log now, and nobody can say yet what became of this. Trying again is safe: it happens once.',
    IDENTITY_UNAVAILABLE: 'Nobody can say at the moment whether your key is good. Nothing has happened; try again.',
};

/**
 * @param {{reason?: string, title?: string}} refusal
 * @returns {string} a sentence for people
 */
export const refusal = ({ reason = '', title }) => REFUSALS[reason] ?? (title ? title + '.' : 'It was refused.');

/** What somebody else got, by the reason for which this one got nothing. @type {Record<string, string>} */
export const FULL = { ALREADY_BOOKED: 'The place', SOLD_OUT: 'The last place', NOT_ENOUGH_SEATS: 'Places last' };

/** @type {Record<string, string>} */
const DEEDS = {
    createEvent: 'made the event',
    updateEvent: 'changed the event',
    closeEvent: 'closed the event',
    book: 'booked',
    hold: 'holds',
    confirm: 'confirmed',
    cancel: 'cancelled',
    expireHold: 'ran out of time',
    joinWaitlist: 'joined the line',
    leaveWaitlist: 'left the line',
};

/** @param {import('./gateway.js').Result} result */
export function deed(result) {
    const done = DEEDS[result.type] ?? result.type ?? 'sent something';
    return result.outcome === 'ACCEPTED' ? done : `was refused: ${result.type ?? 'command'}`;
}

/** @type {Record<string, string>} */
export const STATUS = { CONFIRMED: 'Confirmed', HELD: 'On hold', CANCELLED: 'Cancelled', EXPIRED: 'Ran out' };
