import { mayPass } from './gateway.js';
import { newCommandId, newSuffix } from './ids.js';
import { Backoff, pause } from './retry.js';

/** @typedef {import('./gateway.js').Result} Result */
/**
 * @typedef {object} Request one of the crowd
 * @property {string} commandId
 * @property {string} eventId
 * @property {string} userId
 * @property {number} number in the order of sending
 * @property {number} sentAt milliseconds of `performance.now()`; 0 before it is sent
 * @property {import('./gateway.js').Position} [position]
 * @property {string} [location]
 * @property {number} decidedAt 0 before it is
 * @property {Result} [result]
 * @property {number} [rank] in its line, among the crowd
 * @property {number} [lastWinnerRank] of those before it
 * @property {boolean} [failed] it never came to the desk
 */
/**
 * @typedef {object} Lane the crowd's share of one partition
 * @property {number} partition
 * @property {Request[]} requests by offset
 * @property {number} decided
 * @property {number} winners
 * @property {number} lastWinnerRank
 * @property {number} lastOffset of the last result that came
 * @property {number} outOfOrder results that came before one that stood before them
 */

/** Browsers keep six connections to a server, and one is the stream. */
const SENDERS = 5;
const ASK_AFTER_MILLIS = 6_000;
const FEED = 60;
/** How often the tables are looked into before it is said that they cannot be read. */
const LOOKS = 6;

/** A crowd that wants the same places: real requests over HTTP, and their results as the stream brings them. */
export class Rush {
    #gateway;
    #changed;
    /** @type {Map<string, Request>} */
    #byCommand = new Map();
    /** @type {number[]} sorted when read */
    #latencies = [];
    #sorted = 0;

    /** @type {Request[]} */
    requests = [];
    /** @type {Map<number, Lane>} */
    lanes = new Map();
    /** @type {Request[]} the latest decided, the newest first */
    feed = [];
    /** @type {string[]} */
    eventIds = [];
    sent = 0;
    taken = 0;
    decided = 0;
    winners = 0;
    failed = 0;
    startedAt = 0;
    endedAt = 0;
    /** What the tables say in the end. @type {{confirmed: number, bookings: number, agrees: boolean} | undefined} */
    audit = undefined;

    /**
     * @param {import('./gateway.js').Gateway} gateway
     * @param {() => void} changed
     */
    constructor(gateway, changed) {
        this.#gateway = gateway;
        this.#changed = changed;
    }

    get running() {
        return this.startedAt > 0 && this.endedAt === 0;
    }

    get refused() {
        return this.decided - this.winners;
    }

    /** Requests in the order of sending whose result is a place. */
    get winning() {
        return this.requests.filter((request) => request.result?.outcome === 'ACCEPTED');
    }

    get outOfOrder() {
        return [...this.lanes.values()].reduce((sum, lane) => sum + lane.outOfOrder, 0);
    }

    get seconds() {
        return this.startedAt === 0 ? 0 : ((this.endedAt || performance.now()) - this.startedAt) / 1_000;
    }

    /** @param {number} percent */
    percentile(percent) {
        if (this.#latencies.length === 0) {
            return undefined;
        }
        if (this.#sorted !== this.#latencies.length) {
            this.#latencies.sort((a, b) => a - b);
            this.#sorted = this.#latencies.length;
        }
        const index = Math.ceil((percent / 100) * this.#latencies.length) - 1;
        return this.#latencies[Math.max(0, index)];
    }

    /**
     * Sends the crowd off, and ends when all are answered.
     *
     * @param {string[]} eventIds shared out among the crowd in turn
     * @param {number} crowd
     */
    async run(eventIds, crowd) {
        const name = 'rush-' + newSuffix();
        this.eventIds = eventIds;
        this.requests = Array.from({ length: crowd }, (_, index) => ({
            commandId: newCommandId(),
            eventId: eventIds[index % eventIds.length],
            userId: `${name}-${String(index + 1).padStart(String(crowd).length, '0')}`,
            number: index + 1,
            sentAt: 0,
            decidedAt: 0,
        }));
        this.#byCommand = new Map(this.requests.map((request) => [request.commandId, request]));
        this.startedAt = performance.now();
        let next = 0;
        const sender = async () => {
            while (next < this.requests.length) {
                await this.#send(this.requests[next++]);
            }
        };
        await Promise.all(Array.from({ length: SENDERS }, sender));
        while (this.decided + this.failed < this.requests.length) {
            await pause(100);
            await this.#askForTheLate();
        }
        await this.#lookIntoTheTables();
        this.endedAt = Math.max(...this.requests.map((request) => request.decidedAt), this.startedAt);
        this.#changed();
    }

    /** @param {Request} request */
    async #send(request) {
        const path = `v1/events/${encodeURIComponent(request.eventId)}/bookings`;
        const answer = await this.#gateway.write(
            'POST',
            path,
            { userId: request.userId },
            {
                commandId: request.commandId,
                prefer: 'respond-async',
                onSent: () => {
                    if (request.sentAt === 0) {
                        request.sentAt = performance.now();
                        this.sent++;
                    }
                },
            },
        );
        if (answer.kind === 'taken' && answer.position) {
            this.taken++;
            request.location = answer.location;
            this.#stand(request, answer.position);
        } else if (answer.result) {
            this.decide(answer.result);
        } else if (!request.result) {
            request.failed = true;
            this.failed++;
        }
        this.#changed();
    }

    /** @param {Result} result any that the stream brings */
    decide(result) {
        const request = this.#byCommand.get(result.commandId);
        if (!request || request.result) {
            return;
        }
        const lane = this.#stand(request, result.position);
        request.result = result;
        request.decidedAt = performance.now();
        this.decided++;
        lane.decided++;
        request.rank = lane.decided;
        if (result.position.offset < lane.lastOffset) {
            lane.outOfOrder++;
        }
        lane.lastOffset = Math.max(lane.lastOffset, result.position.offset);
        if (result.outcome === 'ACCEPTED') {
            this.winners++;
            lane.winners++;
            lane.lastWinnerRank = request.rank;
        }
        request.lastWinnerRank = lane.lastWinnerRank;
        this.#latencies.push(request.decidedAt - request.sentAt);
        this.feed = [request, ...this.feed].slice(0, FEED);
        this.#changed();
    }

    /**
     * @param {Request} request
     * @param {import('./gateway.js').Position} position
     * @returns {Lane}
     */
    #stand(request, position) {
        let lane = this.lanes.get(position.partition);
        if (!lane) {
            const { partition } = position;
            lane = { partition, requests: [], decided: 0, winners: 0, lastWinnerRank: 0, lastOffset: -1, outOfOrder: 0 };
            this.lanes.set(partition, lane);
        }
        if (!request.position) {
            request.position = position;
            let index = lane.requests.length;
            while (index > 0 && (lane.requests[index - 1].position?.offset ?? 0) > position.offset) {
                index--;
            }
            lane.requests.splice(index, 0, request);
        }
        return lane;
    }

    /** The log in which the crowd stands has been replaced by another: nobody will decide what is undecided. */
    beganAnew() {
        for (const request of this.requests.filter(({ result, failed, sentAt }) => !result && !failed && sentAt > 0)) {
            request.failed = true;
            this.failed++;
        }
    }

    /** The stream may be away for longer than we want to wait. */
    async #askForTheLate() {
        const late = performance.now() - ASK_AFTER_MILLIS;
        const request = this.requests.find(({ location, result, sentAt }) => location && !result && sentAt < late);
        if (request?.location) {
            try {
                const status = await this.#gateway.get(request.location.replace(/^\//, ''));
                if (status.result) {
                    this.decide(status.result);
                }
            } catch {
                // Asked again in a moment.
            }
        }
    }

    /** Whether those who won, and nobody else, have bookings of these events now. Unknown when they cannot be read. */
    async #lookIntoTheTables() {
        const backoff = new Backoff();
        for (let look = 1; look <= LOOKS && !this.audit; look++) {
            try {
                this.audit = await this.#readTables();
            } catch (failure) {
                if (!mayPass(failure)) {
                    return;
                }
                await pause(backoff.next());
            }
        }
    }

    async #readTables() {
        let confirmed = 0;
        const booked = new Set();
        for (const eventId of this.eventIds) {
            const path = `v1/events/${encodeURIComponent(eventId)}`;
            confirmed += (await this.#gateway.get(path)).event.confirmed;
            let after = '';
            do {
                const page = await this.#gateway.get(`${path}/bookings?limit=1000${after && '&after=' + after}`);
                page.bookings.forEach((/** @type {{bookingId: string}} */ { bookingId }) => booked.add(bookingId));
                after = page.after ?? '';
            } while (after);
        }
        const winners = new Set(this.winning.map(({ commandId }) => commandId));
        const ours = this.requests.filter(({ commandId }) => booked.has(commandId));
        const agrees = ours.length === winners.size && ours.every(({ commandId }) => winners.has(commandId));
        return { confirmed, bookings: ours.length, agrees };
    }
}
