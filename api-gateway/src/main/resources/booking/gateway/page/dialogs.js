import { html, render } from './lit-html.js';
import { attemptsView } from './attempts-view.js';
import { isKey } from './keyring.js';
import { EVENT_ID, eventAddress, eventPath, fieldsOf, NOT_BLANK, viewTitle } from './page.js';
import { dateAndTime, number, zone } from './words.js';

/** @typedef {import('./page.js').Page} Page */
/** @typedef {import('./box-office.js').BookableEvent} BookableEvent */

/**
 * Shows a dialog, and takes it away when it is closed.
 *
 * @param {(close: () => void) => unknown} content
 * @param {string} title
 * @returns {{again: () => void, closed: Promise<void>}} `again` shows what has changed
 */
function show(content, title) {
    const dialog = document.createElement('dialog');
    // Not by the id of the title: when a key is wanted for what a form asks for, there are two dialogs.
    dialog.setAttribute('aria-label', title);
    document.body.append(dialog);
    const close = () => dialog.close();
    const again = () =>
        render(
            html`<div class="heading">
                    <h2>${title}</h2>
                    <button type="button" class="plain" @click=${close} aria-label="Close this dialog">✕</button>
                </div>
                ${content(close)}`,
            dialog,
        );
    again();
    dialog.showModal();
    const closed = new Promise((/** @type {(value: void) => void} */ resolve) => {
        dialog.addEventListener('close', () => {
            dialog.remove();
            if (document.activeElement === document.body) {
                // Nobody was anywhere when it was opened, or where they were is no more.
                viewTitle()?.focus({ preventScroll: true });
            }
            resolve();
        });
    });
    return { again, closed };
}

/** @param {string | undefined} instant as an input for dates and times wants it: local, without a zone */
function local(instant) {
    if (!instant) {
        return '';
    }
    const date = new Date(instant);
    return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The engine takes dates of these years, and an input that has no last one takes years of six digits. */
const EARLIEST = '0001-01-01T00:00';
const LATEST = '9999-12-31T00:00';

/**
 * What a field says of itself whose limit or time can be moved once it is set, but not taken away.
 *
 * @param {unknown} set
 */
const hint = (set) => (set === undefined ? 'optional' : 'cannot be removed');

/** @param {string | undefined} input */
const instant = (input) => (input ? new Date(input).toISOString() : undefined);

/** @param {string | undefined} input */
const whole = (input) => (input ? Number(input) : undefined);

/**
 * A form for a new event, or for changes of one.
 *
 * @param {Page} page
 * @param {BookableEvent} [event]
 */
export function openEventForm(page, event) {
    const about = event?.eventId ?? 'new event';
    let seen = event;
    /** @type {string[]} what somebody else has changed meanwhile, in words */
    let clashes = [];
    let left = false;
    const before = new Set(page.desk.attempts);
    // As it is now: computers travel.
    const zoneOfTimes = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const tomorrow = new Date(Date.now() + 86_400_000);
    tomorrow.setHours(20, 0, 0, 0);
    const submit = async (/** @type {SubmitEvent} */ submitted, /** @type {() => void} */ close) => {
        const fields = fieldsOf(submitted);
        const wanted = {
            name: fields.name,
            date: instant(fields.date),
            venue: fields.venue,
            capacity: whole(fields.capacity),
            perUserLimit: whole(fields.perUserLimit),
            salesOpenAt: instant(fields.salesOpenAt),
            salesCloseAt: instant(fields.salesCloseAt),
        };
        const changed = event && changes(event, wanted);
        if (event && seen && changed) {
            if (Object.keys(changed).length === 0) {
                close();
                return;
            }
            const now = await readNow(page, seen);
            clashes = clashesOf(seen, now, changed);
            seen = now;
            if (clashes.length > 0) {
                dialog.again();
                return;
            }
        }
        const sent = event ? page.desk.change(event.eventId, changed ?? {}) : page.desk.create({ eventId: fields.eventId, ...wanted });
        dialog.again();
        const attempt = await sent;
        if (left) {
            // Who has left goes nowhere, and is told all the same.
            attempt.apart = true;
            page.changed();
        } else if (attempt.state === 'accepted') {
            close();
            location.hash = eventAddress(attempt.eventId);
        } else {
            dialog.again();
        }
    };
    const dialog = show(
        (close) => html`<form @submit=${(/** @type {SubmitEvent} */ submitted) => submit(submitted, close)}>
            <label
                >Name
                <input
                    name="name"
                    required
                    maxlength="255"
                    pattern=${NOT_BLANK.pattern}
                    title=${NOT_BLANK.title}
                    .value=${event?.name ?? ''}
                    autocomplete="off"
            /></label>
            ${event
                ? ''
                : html`<label
                      >Id <span class="hint">made up when left empty</span>
                      <input
                          name="eventId"
                          maxlength="128"
                          pattern=${EVENT_ID.pattern}
                          title=${EVENT_ID.title}
                          autocomplete="off"
                      />
                  </label>`}
            <div class="pair">
                <label
                    >Date and time <span class="hint">${zoneOfTimes}</span>
                    <input name="date" type="datetime-local" required min=${EARLIEST} max=${LATEST} .value=${local(event?.date ?? tomorrow.toISOString())} /></label>
                <label
                    >Venue
                    <input
                        name="venue"
                        maxlength="255"
                        ?required=${event !== undefined}
                        pattern=${NOT_BLANK.pattern}
                        title=${NOT_BLANK.title}
                        .value=${event?.venue ?? ''}
                        placeholder="main"
                        autocomplete="off"
                /></label>
            </div>
            <div class="pair">
                <label
                    >Places
                    <input name="capacity" type="number" min="1" max="2147483647" required .value=${String(event?.event.capacity ?? 1)} />
                </label>
                <label
                    >For one person at most <span class="hint">${hint(event?.perUserLimit)}</span>
                    <input name="perUserLimit" type="number" min="1" max="2147483647" ?required=${event?.perUserLimit !== undefined} .value=${String(event?.perUserLimit ?? '')} />
                </label>
            </div>
            <div class="pair">
                <label
                    >Sales begin <span class="hint">${hint(event?.salesOpenAt)}</span>
                    <input name="salesOpenAt" type="datetime-local" ?required=${event?.salesOpenAt !== undefined} min=${EARLIEST} max=${LATEST} .value=${local(event?.salesOpenAt)} />
                </label>
                <label
                    >Sales end <span class="hint">${hint(event?.salesCloseAt)}</span>
                    <input name="salesCloseAt" type="datetime-local" ?required=${event?.salesCloseAt !== undefined} min=${EARLIEST} max=${LATEST} .value=${local(event?.salesCloseAt)} />
                </label>
            </div>
            <div role="status">
                ${attemptsView(
                    page.desk.attemptsAbout(about).filter((attempt) => !before.has(attempt)),
                    1,
                )}
            </div>
            ${clashes.length > 0
                ? html`<p class="trouble" role="alert">
                      Somebody else has changed this meanwhile: ${clashes.join('; ')}. Save again to have it your way.
                  </p>`
                : ''}
            <p class="buttons">
                <button class="primary">${event ? 'Save changes' : 'Make the event'}</button>
                <button type="button" @click=${close}>Never mind</button>
            </p>
        </form>`,
        event ? 'Change event' : 'New event',
    );
    void dialog.closed.then(() => {
        left = true;
    });
}

const TIMES = new Set(['date', 'salesOpenAt', 'salesCloseAt']);

/**
 * @param {BookableEvent} event
 * @param {string} field
 */
const valueOf = (event, field) =>
    field === 'capacity' ? event.event.capacity : /** @type {Record<string, any>} */ (/** @type {unknown} */ (event))[field];

/**
 * @param {string} field
 * @param {any} one
 * @param {any} other
 */
function same(field, one, other) {
    // The form tells times to the minute only.
    return TIMES.has(field) && one && other ? local(one) === local(other) : one === other;
}

/**
 * @param {BookableEvent} event
 * @param {Record<string, any>} wanted
 */
function changes(event, wanted) {
    const changed = Object.entries(wanted).filter(
        ([field, value]) => value !== undefined && !same(field, valueOf(event, field), value),
    );
    return Object.fromEntries(changed);
}

/**
 * @param {Page} page
 * @param {BookableEvent} event
 * @returns {Promise<BookableEvent>} as it is now, as far as that can be found out
 */
async function readNow(page, event) {
    try {
        return await page.gateway.get(eventPath(event.eventId));
    } catch {
        return event;
    }
}

/** @type {Record<string, string>} */
const FIELDS = {
    name: 'the name',
    date: 'the date',
    venue: 'the venue',
    capacity: 'the number of places',
    perUserLimit: 'the most for one person',
    salesOpenAt: 'the beginning of sales',
    salesCloseAt: 'the end of sales',
};

/**
 * What is to be changed here and was changed by somebody else meanwhile. The event's version says nothing of that: every
 * booking raises it.
 *
 * @param {BookableEvent} seen
 * @param {BookableEvent} now
 * @param {Record<string, any>} changed
 * @returns {string[]} in words
 */
function clashesOf(seen, now, changed) {
    return Object.keys(changed)
        .filter((field) => !same(field, valueOf(seen, field), valueOf(now, field)))
        .filter((field) => !same(field, changed[field], valueOf(now, field)))
        .map((field) => `${FIELDS[field]} is ${inWords(field, valueOf(now, field))} now`);
}

/**
 * @param {string} field
 * @param {any} value
 */
function inWords(field, value) {
    if (value === undefined) {
        return 'not set';
    }
    if (TIMES.has(field)) {
        return `${dateAndTime(value)} ${zone(value)}`;
    }
    return typeof value === 'number' ? number(value) : `“${value}”`;
}

/**
 * @param {Page} page
 * @param {BookableEvent} event
 */
export function openClosing(page, event) {
    show(
        (close) => html`<p>“<bdi>${event.name}</bdi>” will take no further bookings. This cannot be undone.</p>
            <p class="buttons">
                <button
                    class="primary"
                    @click=${() => {
                        close();
                        void page.desk.close(event.eventId);
                    }}
                >
                    Close the event
                </button>
                <button @click=${close}>Never mind</button>
            </p>`,
        'Close event',
    );
}

/**
 * Asks for a key.
 *
 * @param {string} before that was used before, and not taken; empty if none was
 * @returns {Promise<string | undefined>} the key, if there is one
 */
export async function askForKey(before) {
    /** @type {string | undefined} */
    let entered;
    let wrong = false;
    const submit = (/** @type {SubmitEvent} */ submitted, /** @type {() => void} */ close) => {
        const { key = '' } = fieldsOf(submitted);
        wrong = !isKey(key);
        if (wrong) {
            dialog.again();
        } else {
            entered = key;
            close();
        }
    };
    const dialog = show(
        (close) => html`<form @submit=${(/** @type {SubmitEvent} */ submitted) => submit(submitted, close)}>
            <p>${before ? 'The gateway does not take the key that was entered.' : 'This gateway wants to know who calls.'}</p>
            <label
                >Key <span class="hint">kept in this tab only</span>
                <input name="key" type="password" required autocomplete="off" />
            </label>
            ${wrong
                ? html`<p class="trouble" role="alert">
                      That is no key: a key has letters without accents, digits and the characters - . _ ~ + / = only.
                  </p>`
                : ''}
            <p class="buttons">
                <button class="primary">Use this key</button>
                <button type="button" @click=${close}>Go on without</button>
            </p>
        </form>`,
        'A key is wanted',
    );
    await dialog.closed;
    return entered;
}
