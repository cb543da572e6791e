import { colour } from './theme.js';

const CELL = 9;
const GAP = 2;

/** Draws a line of requests, the first to come on the left: those who wait, those who won, those who were refused. */
export class LaneStrip {
    #canvas;
    #colours = { waiting: '', won: '', refused: '' };
    #theme = '';

    /** @param {HTMLCanvasElement} canvas */
    constructor(canvas) {
        this.#canvas = canvas;
    }

    /** @param {import('./rush.js').Lane} lane */
    draw(lane) {
        const theme = document.documentElement.dataset.theme + String(matchMedia('(prefers-color-scheme: dark)').matches);
        if (theme !== this.#theme) {
            this.#theme = theme;
            this.#colours = { waiting: colour('--rule-strong'), won: colour('--good'), refused: colour('--refused-soft') };
        }
        const width = this.#canvas.parentElement?.clientWidth ?? 300;
        const columns = Math.max(1, Math.floor(width / (CELL + GAP)));
        const rows = Math.max(1, Math.ceil(lane.requests.length / columns));
        const height = rows * (CELL + GAP) + 1;
        const scale = devicePixelRatio || 1;
        this.#canvas.width = Math.round(width * scale);
        this.#canvas.height = Math.round(height * scale);
        this.#canvas.style.width = `${width}px`;
        this.#canvas.style.height = `${height}px`;
        const pen = this.#canvas.getContext('2d');
        if (!pen) {
            return;
        }
        pen.scale(scale, scale);
        lane.requests.forEach((request, index) => {
            const x = 1 + (index % columns) * (CELL + GAP);
            const y = 1 + Math.floor(index / columns) * (CELL + GAP);
            pen.beginPath();
            if (!request.result) {
                pen.strokeStyle = this.#colours.waiting;
                pen.lineWidth = 1.2;
                pen.roundRect(x + 1, y + 1, CELL - 2, CELL - 2, 2);
                pen.stroke();
            } else if (request.result.outcome === 'ACCEPTED') {
                pen.fillStyle = this.#colours.won;
                pen.arc(x + CELL / 2, y + CELL / 2, CELL / 2 + 0.5, 0, 2 * Math.PI);
                pen.fill();
            } else {
                pen.fillStyle = this.#colours.refused;
                pen.roundRect(x + 1.5, y + 1.5, CELL - 3, CELL - 3, 2);
                pen.fill();
            }
        });
    }
}
