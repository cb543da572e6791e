import { html } from './lit-html.js';
import { bookingsView } from './bookings-view.js';
import { engineView } from './engine-view.js';
import { eventsView } from './events-view.js';
import { rushView } from './rush-view.js';
import { nextTheme, theme } from './theme.js';

/** @typedef {import('./page.js').Page} Page */

const VIEWS = /** @type {const} */ ([
    ['events', 'Events'],
    ['bookings', 'My bookings'],
    ['rush', 'The rush'],
    ['engine', 'Engine room'],
]);
const SHOWS = { events: eventsView, bookings: bookingsView, rush: rushView, engine: engineView };

/**
 * The whole page.
 *
 * @param {Page} page
 */
export function shell(page) {
    return html`<a class="skip" href="#main" @click=${skip}>Skip to the content</a>
        <header class="masthead">
            <a class="wordmark" href="#/events">${ticket}<span>Box office</span></a>
            <nav aria-label="Main">
                <ul>
                    ${VIEWS.map(
                        ([view, name]) =>
                            html`<li>
                                <a href="#/${view}" aria-current=${page.route.view === view ? 'page' : 'false'}>${name}</a>
                            </li>`,
                    )}
                </ul>
            </nav>
            <div class="side">
                ${connection(page)}
                ${page.keyring.declined || page.stream.state.forbidden
                    ? html`<button class="plain" @click=${() => page.keyring.ask()}>Enter a key</button>`
                    : ''}
                <button class="plain" @click=${() => turn(page)} title="Light, dark, or as the system has it">
                    Theme: ${theme()}
                </button>
            </div>
        </header>
        <main id="main" tabindex="-1">${SHOWS[page.route.view](page)}</main>`;
}

const ticket = html`<svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <path class="paper" d="M3 8h26v5a3 3 0 0 0 0 6v5H3v-5a3 3 0 0 0 0-6z" />
    <path class="perforation" d="M20 9v14" />
    <path class="tick" d="m8 16 3 3 5-6" />
</svg>`;

/** @param {Page} page */
function connection({ stream: { state: stream } }) {
    if (stream.connected) {
        return html`<span class="connection live" data-testid="connection"><i></i>Live</span>`;
    }
    if (stream.keyless) {
        const why = stream.forbidden ? 'Your key does not allow watching' : 'No key, so nothing is live';
        return html`<span class="connection lost" data-testid="connection"><i></i>${why}</span>`;
    }
    if (stream.catchingUp) {
        return html`<span class="connection" data-testid="connection"><i></i>Catching up…</span>`;
    }
    if (!stream.trying) {
        return html`<span class="connection" data-testid="connection"><i></i>Connecting…</span>`;
    }
    return html`<span class="connection lost" data-testid="connection"><i></i>Connection lost, trying again…</span>`;
}

/** @param {Page} page */
function turn(page) {
    nextTheme();
    page.changed();
}

/** @param {MouseEvent} click the address is not to change: it says which view is shown */
function skip(click) {
    click.preventDefault();
    document.getElementById('main')?.focus();
}
