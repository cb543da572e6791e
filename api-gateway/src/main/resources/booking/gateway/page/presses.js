/**
 * Has a double click, and a key that is held down, press a button once. Answers come so soon that the second press would be for
 * something else: one more booking, or whatever has come to stand there.
 */
export function countPressesOnce() {
    document.addEventListener(
        'click',
        (click) => {
            if (click.detail > 1 && click.target instanceof Element && click.target.closest('button:not(.plain)')) {
                click.preventDefault();
                click.stopPropagation();
            }
        },
        { capture: true },
    );
    document.addEventListener('keydown', (key) => {
        if (key.repeat && key.key === 'Enter') {
            key.preventDefault();
        }
    });
}
