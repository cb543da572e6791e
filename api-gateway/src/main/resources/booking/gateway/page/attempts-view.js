import { html } from './lit-html.js';
import { repeat } from './repeat.js';
import { receipt } from './words.js';

/**
 * What was tried about something, the latest first, each with its answer.
 *
 * @param {import('./desk.js').Attempt[]} attempts
 * @param {number} most
 */
export function attemptsView(attempts, most) {
    if (attempts.length === 0) {
        return '';
    }
    return html`<ol class="attempts" reversed aria-label="What you tried, the latest first">
        ${repeat(
            attempts.slice(0, most),
            ({ id }) => id,
            (attempt) =>
                html`<li class="attempt ${attempt.state}">
                    <p class="tried">${attempt.what}</p>
                    <p class="answer">${answer(attempt)}</p>
                    ${attempt.line ? html`<p class="line">${attempt.line}</p>` : ''}
                    ${attempt.reason || attempt.position
                        ? html`<p class="receipt">
                              ${attempt.reason ? html`<code class="reason">${attempt.reason}</code>` : ''}
                              ${attempt.position ? html`<span>Receipt: ${receipt(attempt.position)}</span>` : ''}
                          </p>`
                        : ''}
                    ${attempt.state === 'refused' && attempt.detail
                        ? html`<p class="detail">The desk says: ${attempt.detail}</p>`
                        : ''}
                </li>`,
        )}
    </ol>`;
}

/** @param {import('./desk.js').Attempt} attempt */
function answer(attempt) {
    if (attempt.state === 'sent') {
        return 'On its way…';
    }
    return attempt.state === 'taken' ? 'In line; not decided yet…' : attempt.outcome;
}
