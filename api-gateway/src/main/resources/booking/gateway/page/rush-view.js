import { html } from './lit-html.js';
import { repeat } from './repeat.js';
import { LaneStrip } from './lane-strip.js';
import { EVENT_ID, eventAddress, fieldsOf } from './page.js';
import { newSuffix } from './ids.js';
import { count, duration, FULL, number, ordinal, refusal } from './words.js';
import { Rush } from './rush.js';

/** @typedef {import('./page.js').Page} Page */

/** @type {WeakMap<HTMLCanvasElement, LaneStrip>} */
const strips = new WeakMap();
let making = '';
/** Whether the events of a rush are being made. */
let preparing = false;

/** @param {Page} page */
export function rushView(page) {
    const { rush } = page;
    return html`<section class="rush" aria-labelledby="view-title">
        <h1 id="view-title" tabindex="-1">The rush</h1>
        <p class="lead">
            A crowd wants the same places at the same moment. Each of them is a request over HTTP; each answer is one
            decision of the engine, in the order of the log.
        </p>
        ${form(page)} ${making ? html`<p role="alert" class="trouble">${making}</p>` : ''}
        ${rush ? html`${verdict(rush)} ${figures(rush)} ${lanes(rush)} ${feed(page, rush)}` : ''}
    </section>`;
}

/** @param {Page} page */
function form(page) {
    const busy = preparing || (page.rush?.running ?? false);
    return html`<form class="rush-form" @submit=${(/** @type {SubmitEvent} */ submitted) => start(page, fieldsOf(submitted))}>
        <label class="wide"
            >For event
            <input
                name="eventId"
                list="rush-events"
                placeholder="New ones, or an id"
                autocomplete="off"
                maxlength="128"
                pattern=${EVENT_ID.pattern}
                title=${EVENT_ID.title}
            />
            <datalist id="rush-events">
                ${page.list.ids.slice(0, 50).map((id) => html`<option value=${id}>${page.office.event(id)?.name}</option>`)}
            </datalist>
        </label>
        <label>New events <input name="events" type="number" min="1" max="12" value="1" /></label>
        <label>Places in each <input name="capacity" type="number" min="1" max="100000" value="1" /></label>
        <label>Crowd <input name="crowd" type="number" min="1" max="1000" value="500" required /></label>
        <button class="primary" ?disabled=${busy}>${busy ? 'Running…' : 'Start the rush'}</button>
    </form>`;
}

/**
 * @param {Page} page
 * @param {Record<string, string>} fields
 */
async function start(page, fields) {
    if (preparing || page.rush?.running) {
        return;
    }
    making = '';
    preparing = true;
    page.changed();
    const eventIds = fields.eventId ? [fields.eventId] : await makeEvents(page, fields);
    preparing = false;
    page.changed();
    if (eventIds.length === 0) {
        return;
    }
    const rush = new Rush(page.gateway, page.changed);
    page.rush = rush;
    page.announce('The rush has begun.');
    await rush.run(eventIds, Number(fields.crowd));
    page.announce(
        `The rush is over. ${count(rush.winners, 'place')} went to the crowd; ${number(rush.refused)} were refused${undecided(rush)}.`,
    );
}

/**
 * @param {Page} page
 * @param {Record<string, string>} fields
 * @returns {Promise<string[]>} their ids; none when they could not be made
 */
async function makeEvents(page, fields) {
    const name = 'rush-' + newSuffix();
    const eventIds = [];
    for (let i = 1; i <= Number(fields.events ?? 1); i++) {
        const eventId = fields.events === '1' ? name : `${name}-${i}`;
        const date = new Date(Date.now() + 30 * 86_400_000).toISOString();
        const event = { eventId, name: `Rush ${eventId.slice(5)}`, date, venue: eventId, capacity: Number(fields.capacity ?? 1) };
        const attempt = await page.desk.create(event);
        if (attempt.state !== 'accepted') {
            making = `The event could not be made: ${attempt.outcome}`;
            return [];
        }
        eventIds.push(eventId);
    }
    return eventIds;
}

/** @param {Rush} rush */
function verdict(rush) {
    const [first] = rush.winning;
    if (rush.running) {
        return html`<p class="verdict running" data-testid="verdict">
            ${number(rush.decided)} of ${number(rush.requests.length)} decided…
        </p>`;
    }
    return html`<div class="verdict over" data-testid="verdict">
        <p class="big">
            <b>${number(rush.winners)}</b> of ${number(rush.requests.length)} got a place${
                rush.winners === 1 && first ? html`: ${first.userId}, ${ordinal(rush.rank(first) ?? 1)} in line` : ''
            }.
        </p>
        <p>
            ${number(rush.refused)} were refused${undecided(rush)}; results came
            ${rush.outOfOrder === 0 ? 'in the order of the log' : html`<b>${number(rush.outOfOrder)} times out of order</b>`}.
            ${rush.audit
                ? rush.audit.agrees
                    ? html`<span class="agrees"
                          >The tables agree: ${count(rush.audit.bookings, 'booking')} of this crowd,
                          ${count(rush.audit.confirmed, 'place')} taken in all.</span
                      >`
                    : html`<b>The tables do not agree: ${count(rush.audit.bookings, 'booking')} of this crowd.</b>`
                : 'The tables could not be read.'}
        </p>
        ${turnedAway(rush)}
    </div>`;
}

/** @param {Rush} rush */
const undecided = (rush) => (rush.failed > 0 ? `, ${number(rush.failed)} were not decided` : '');

/** @param {Rush} rush */
function turnedAway(rush) {
    return rush.turnedAway.map(
        ([reason, requests]) =>
            html`<p>${number(requests)} <code class="reason">${reason}</code> ${refusal({ reason })}</p>`,
    );
}

/** @param {Rush} rush */
function figures(rush) {
    const rate = rush.seconds > 0 ? rush.decided / rush.seconds : 0;
    const latency = (/** @type {number} */ percent) => {
        const millis = rush.percentile(percent);
        return millis === undefined ? '–' : duration(millis);
    };
    const figure = (/** @type {string} */ name, /** @type {string} */ value, kind = '') =>
        html`<div class=${kind}><dt>${name}</dt><dd>${value}</dd></div>`;
    return html`<dl class="figures">
        ${figure('Sent', number(rush.sent))} ${figure('In line', number(Math.max(0, rush.taken - rush.decided)))}
        ${figure('Winners', number(rush.winners), 'good')} ${figure('Refused', number(rush.refused), 'refused')}
        ${figure('Per second', number(Math.round(rate)))} ${figure('Median', latency(50))}
        ${figure('95th of 100', latency(95))} ${figure('99th of 100', latency(99))}
    </dl>`;
}

/** @param {Rush} rush */
function lanes(rush) {
    const sorted = [...rush.lanes.values()].sort((a, b) => a.partition - b.partition);
    return html`<section aria-labelledby="lanes-title">
        <h2 id="lanes-title">${sorted.length > 1 ? 'The lines' : 'The line'}</h2>
        <p class="legend" aria-hidden="true">
            <span class="won">won</span> <span class="no">refused</span> <span class="waits">waiting</span>
        </p>
        <ul class="lanes">
            ${repeat(
                sorted,
                ({ partition }) => partition,
                (lane) =>
                    html`<li>
                        <p>
                            <b>Partition ${lane.partition}</b>
                            <span
                                >${count(lane.requests.length, 'request')}, ${number(lane.decided)} decided,
                                ${count(lane.winners, 'winner')}</span
                            >
                        </p>
                        <div class="strip">
                            <canvas data-partition=${lane.partition} aria-hidden="true"></canvas>
                        </div>
                    </li>`,
            )}
        </ul>
    </section>`;
}

/**
 * @param {Page} page
 * @param {Rush} rush
 */
function feed(page, rush) {
    const rows = (/** @type {import('./rush.js').Request[]} */ requests) =>
        repeat(
            requests,
            ({ commandId }) => commandId,
            (request) =>
                html`<li
                    class=${request.result?.outcome === 'ACCEPTED' ? 'accepted' : 'refused'}
                    data-for=${request.eventId}
                >
                    <span class="offset"
                        >${request.position ? `${request.position.partition}·${request.position.offset}` : '–'}</span
                    >
                    <span class="who">${request.userId}</span>
                    <span class="why">${story(rush, request)}</span>
                    ${reason(request)}
                    <span class="took">${duration(request.decidedAt - request.sentAt)}</span>
                </li>`,
        );
    const winners = rush.winning
        .map((request) => ({ request, rank: rush.rank(request) ?? 0 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ request }) => request);
    return html`<div class="feeds">
        <section aria-labelledby="winners-title">
            <h2 id="winners-title">Winners</h2>
            <p class="small">By their place in line.</p>
            <ol class="decisions" tabindex="0" aria-labelledby="winners-title" data-testid="winners">
                ${rows(winners.slice(0, 50))}
            </ol>
            ${winners.length > 50 ? html`<p class="small">The first 50 of ${number(winners.length)}.</p>` : ''}
            ${rush.eventIds.map((id) => html`<a class="small" href=${eventAddress(id)}>${page.office.event(id)?.name ?? id}</a> `)}
        </section>
        <section aria-labelledby="feed-title">
            <h2 id="feed-title">As they come</h2>
            <p class="small">Partition·offset, who, what became of it, and how long that took.</p>
            <ol class="decisions" tabindex="0" aria-labelledby="feed-title">
                ${rows(rush.feed.slice(0, 14))}
            </ol>
        </section>
    </div>`;
}

/** @param {import('./rush.js').Request} request */
function reason({ result, problem }) {
    const code = result?.reason ?? problem?.reason;
    return code ? html`<code class="reason">${code}</code>` : '';
}

/**
 * @param {Rush} rush
 * @param {import('./rush.js').Request} request
 */
function story(rush, request) {
    if (!request.result) {
        return refusal(request.problem ?? {});
    }
    const place = ordinal(rush.rank(request) ?? 0);
    if (request.result.outcome === 'ACCEPTED') {
        return `${place} in line: got a place`;
    }
    const winner = FULL[request.result.reason ?? ''] && rush.lastWinnerBefore(request);
    const whose = rush.eventIds.length > 1 ? 'of its event ' : '';
    return winner
        ? `${place} in line; the last place ${whose}went to the ${ordinal(rush.rank(winner) ?? 0)}`
        : `${place} in line. ${refusal(request.result)}`;
}

/**
 * Draws what the template leaves room for.
 *
 * @param {Page} page
 */
export function drawLanes(page) {
    for (const canvas of document.querySelectorAll('canvas[data-partition]')) {
        const element = /** @type {HTMLCanvasElement} */ (canvas);
        const lane = page.rush?.lanes.get(Number(element.dataset.partition));
        if (lane) {
            const strip = strips.get(element) ?? new LaneStrip(element);
            strips.set(element, strip);
            strip.draw(lane);
        }
    }
}
