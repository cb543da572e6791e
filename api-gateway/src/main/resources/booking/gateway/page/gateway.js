import { newCommandId } from './ids.js';
import { Backoff, pause } from './retry.js';
import { refusal } from './words.js';

/**
 * @typedef {{partition: number, offset: number}} Position where a command stands in the log: its receipt
 */
/**
 * @typedef {object} Result how a command was decided, as on the topic `booking-results`
 * @property {string} type
 * @property {string} commandId
 * @property {string} eventId
 * @property {'ACCEPTED' | 'REJECTED'} outcome
 * @property {string} [reason]
 * @property {string} [detail]
 * @property {string} [userId]
 * @property {number} [quantity]
 * @property {string} [bookingId]
 * @property {string} [status]
 * @property {string} [holdExpiresAt]
 * @property {number} [waitlistPosition]
 * @property {{version: number, capacity: number, confirmed: number, held: number, available: number}} [event]
 * @property {Position} position
 * @property {string} decidedAt
 */
/**
 * @typedef {object} Problem an error as RFC 9457 has it
 * @property {string} reason
 * @property {string} title
 * @property {string} detail
 * @property {number} status
 * @property {string} [commandId]
 * @property {Result} [result]
 */
/**
 * @typedef {object} Answer what became of a write
 * @property {'decided' | 'taken' | 'failed'} kind
 * @property {Result} [result] when it was decided
 * @property {Position} [position] when it was taken and is not decided yet
 * @property {string} [location] where to ask for the outcome then
 * @property {Problem} [problem] when it did not come so far
 * @property {boolean} [lost] whether it was sent before, too, and may have arrived then, whatever the problem is now
 */

/** How often a write is sent before it is given up: its key sees to it that it is carried out once. */
const SENDS = 6;
const PATIENCE_MILLIS = 45_000;
/** Who is told to come back later than that is told so, rather than kept waiting. */
const LONGEST_WAIT_SECONDS = 10;

/** Calls the gateway that the page came from. */
export class Gateway {
    #keyring;

    /** @param {import('./keyring.js').Keyring} keyring */
    constructor(keyring) {
        this.#keyring = keyring;
    }

    /**
     * One request. When a key is wanted, it is asked for, and the request is sent again.
     *
     * @param {string} path
     * @param {RequestInit & {headers?: Record<string, string>, patienceMillis?: number}} [options] how long it may take each
     *     time that it is sent, however long the key is looked for
     * @returns {Promise<Response>}
     * @throws {TypeError} when there is no connection
     */
    async fetch(path, { patienceMillis, ...options } = {}) {
        for (;;) {
            const { key } = this.#keyring;
            const authorization = key ? { Authorization: `Bearer ${key}` } : {};
            const response = await fetch(path, {
                cache: 'no-store',
                credentials: 'omit',
                ...options,
                signal: patienceMillis ? AbortSignal.timeout(patienceMillis) : options.signal,
                headers: { ...authorization, ...options.headers },
            });
            if (response.status !== 401 || !(await this.#keyring.another(key))) {
                return response;
            }
        }
    }

    /**
     * Reads something.
     *
     * @param {string} path
     * @returns {Promise<any>}
     * @throws {GatewayError} when it cannot be had
     */
    async get(path) {
        if (hasSteps(path)) {
            throw new GatewayError(noAddress());
        }
        const response = await this.fetch(path, { patienceMillis: PATIENCE_MILLIS });
        if (!response.ok) {
            throw new GatewayError(await problemOf(response));
        }
        return response.json();
    }

    /**
     * Writes something: repeated with the same key while nobody knows whether it arrived, so it happens once at most.
     *
     * @param {string} method
     * @param {string} path
     * @param {object | undefined} body
     * @param {{commandId?: string, prefer?: string, onSent?: () => void}} [options]
     * @returns {Promise<Answer>}
     */
    async write(method, path, body, options = {}) {
        if (hasSteps(path)) {
            return { kind: 'failed', problem: noAddress(), lost: false };
        }
        /** @type {Record<string, string>} */
        const headers = { 'Idempotency-Key': options.commandId ?? newCommandId(), Prefer: options.prefer ?? 'wait=10' };
        if (body) {
            headers['Content-Type'] = 'application/json';
        }
        let lost = false;
        const backoff = new Backoff();
        for (let send = 1; ; send++) {
            options.onSent?.();
            let response;
            let answer;
            try {
                response = await this.fetch(path, {
                    method,
                    headers,
                    body: body ? JSON.stringify(body) : undefined,
                    patienceMillis: PATIENCE_MILLIS,
                });
                answer = await answerOf(response);
            } catch {
                lost = true;
                if (send === SENDS) {
                    return { kind: 'failed', problem: noConnection(), lost };
                }
                await pause(backoff.next());
                continue;
            }
            const { problem } = answer;
            if (!problem) {
                return answer;
            }
            lost ||= mayHaveArrived(problem);
            const seconds = Number(response.headers.get('Retry-After')) || 1;
            if (send === SENDS || seconds > LONGEST_WAIT_SECONDS || (problem.status < 500 && problem.status !== 429)) {
                return { ...answer, lost };
            }
            await pause(seconds * 1000);
        }
    }
}

/**
 * @param {string} path
 * @returns {boolean} whether it has parts that browsers would follow rather than send, however they are written
 */
const hasSteps = (path) => path.split(/[/?]/).some((part) => part === '.' || part === '..');

/** With these the gateway says that nothing was sent. */
const NOTHING_SENT = new Set([
    'WAITING_ROOM_FULL',
    'TOO_MANY_BATCHES',
    'PROCESSOR_BEHIND',
    'KAFKA_UNAVAILABLE',
    'IDENTITY_UNAVAILABLE',
    'DATABASE_UNAVAILABLE',
]);

/**
 * @param {Problem} problem
 * @returns {boolean} whether what was sent may have been carried out all the same; also when something between the page
 *     and the gateway has answered
 */
export const mayHaveArrived = ({ status, reason }) => status === 0 || (status >= 500 && !NOTHING_SENT.has(reason));

/** A call that did not give what was asked for. */
export class GatewayError extends Error {
    /** @param {Problem} problem */
    constructor(problem) {
        super(problem.detail);
        this.problem = problem;
    }
}

/**
 * @param {unknown} failure of something that was to be read
 * @returns {boolean} whether it may go well in a moment: the connection is lost, or the gateway is unwell or busy
 */
export function mayPass(failure) {
    return !(failure instanceof GatewayError) || failure.problem.status >= 500 || failure.problem.status === 429;
}

/**
 * @param {unknown} failure of something that was to be read
 * @returns {string} for people
 */
export const whyNot = (failure) => refusal(failure instanceof GatewayError ? failure.problem : { reason: 'CANNOT_READ' });

/**
 * @param {Response} response
 * @returns {Promise<Answer>}
 */
async function answerOf(response) {
    if (!response.ok) {
        const problem = await problemOf(response);
        return problem.result ? { kind: 'decided', result: problem.result } : { kind: 'failed', problem };
    }
    const json = await response.json();
    if (response.status === 202) {
        return { kind: 'taken', position: json.position, location: response.headers.get('Location') ?? undefined };
    }
    return { kind: 'decided', result: json };
}

/**
 * @param {Response} response
 * @returns {Promise<Problem>}
 */
async function problemOf(response) {
    try {
        const json = await response.json();
        if (typeof json.reason === 'string') {
            return json;
        }
    } catch {
        // Not from the gateway, but from something between us and it.
    }
    const reason = response.status === 401 ? 'NOT_AUTHENTICATED' : 'HTTP_' + response.status;
    return { reason, title: response.statusText, detail: `the answer was ${response.status}`, status: response.status };
}

/** @returns {Problem} */
function noConnection() {
    return {
        reason: 'NO_CONNECTION',
        title: 'There is no connection',
        detail: 'the gateway cannot be reached',
        status: 0,
    };
}

/** @returns {Problem} */
function noAddress() {
    return {
        reason: 'NO_ADDRESS',
        title: 'Browsers cannot send this',
        detail: 'an id of one or two dots cannot be a part of an address',
        status: 400,
    };
}
