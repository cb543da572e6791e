import { forAllTabs } from './shelf.js';

const NAME = 'booking.theme';
const THEMES = /** @type {const} */ (['auto', 'light', 'dark']);

/** @returns {'auto' | 'light' | 'dark'} as chosen; `auto` follows the system */
export function theme() {
    const kept = forAllTabs.get(NAME);
    return THEMES.find((known) => known === kept) ?? 'auto';
}

/** Shows the page in the chosen theme. */
export function applyTheme() {
    document.documentElement.dataset.theme = theme();
}

/** Goes on to the next theme. */
export function nextTheme() {
    forAllTabs.put(NAME, THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
    applyTheme();
}

/** @param {() => void} changed called when the colours do */
export function onThemeChange(changed) {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}

/** @param {string} name of a colour of the style sheet, such as `--ink` */
export function colour(name) {
    // Canvases do not know variables; what an element has been given does.
    const probe = document.createElement('i');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
}
