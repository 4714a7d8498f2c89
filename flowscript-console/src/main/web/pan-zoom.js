/** Moves and scales what is drawn in an SVG: with one pointer or two, the wheel, and the keyboard. */

const MIN_SCALE = 0.02;
const MAX_SCALE = 3;
const STEP = 1.25;
const KEY_MOVE = 60;
const MARGIN = 24;
const AROUND = 160;
const WHEEL = 0.0016;

export class PanZoom {
  #svg;
  #world;
  #size = { width: 0, height: 0 };
  #view = { x: 0, y: 0, scale: 1 };
  #pointers = new Map();
  #resized;
  #frame = 0;
  #moved = 0;
  #onMove;

  /**
   * @param {SVGSVGElement} svg
   * @param {SVGGElement} world what is moved in it
   * @param {(byPerson: boolean, scale: number) => void} onMove called after each move
   * @param {() => void} onSize called when the SVG has got another size
   */
  constructor(svg, world, onMove, onSize) {
    this.#svg = svg;
    this.#world = world;
    this.#onMove = onMove;
    this.#resized = new ResizeObserver(([{ contentRect }]) => {
      this.#size = { width: contentRect.width, height: contentRect.height };
      onSize();
    });
    this.#resized.observe(svg);
    svg.addEventListener("pointerdown", this.#down);
    svg.addEventListener("pointermove", this.#drag);
    svg.addEventListener("pointerup", this.#up);
    svg.addEventListener("pointercancel", this.#up);
    svg.addEventListener("wheel", this.#wheel, { passive: false });
    svg.addEventListener("keydown", this.#key);
  }

  /** How large the whole is. */
  world = { width: 0, height: 0 };

  get hasSize() {
    return this.#size.width > 0;
  }

  get scale() {
    return this.#view.scale;
  }

  close() {
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  /** The scale at which everything is seen. */
  get fitting() {
    const { width, height } = this.#size;
    return Math.min(1, (width - 2 * MARGIN) / this.world.width, (height - 2 * MARGIN) / this.world.height);
  }

  fit(byPerson = false) {
    const scale = Math.max(this.fitting, MIN_SCALE);
    this.#set({ scale, x: (this.#size.width - this.world.width * scale) / 2, y: (this.#size.height - this.world.height * scale) / 2 }, byPerson);
  }

  /** Brings a place to the middle, or as near as it comes without showing what is beyond the whole. */
  center(x, y, scale = this.#view.scale) {
    const along = (size, world, at) => {
      const most = size - world * scale;
      return most > -2 * MARGIN ? most / 2 : Math.min(MARGIN, Math.max(most - MARGIN, size / 2 - at * scale));
    };
    this.#set({ scale, x: along(this.#size.width, this.world.width, x), y: along(this.#size.height, this.world.height, y) }, false);
  }

  /** Whether a place, with this much around it, is within the view. */
  shows(x, y, around = 40) {
    const { scale } = this.#view;
    const [left, top] = [this.#view.x + x * scale, this.#view.y + y * scale];
    const inner = Math.min(around, this.#size.width / 4, this.#size.height / 4);
    return left >= inner && top >= inner && left <= this.#size.width - inner && top <= this.#size.height - inner;
  }

  /** The part of the whole that is in view, and some around it. */
  get visible() {
    const { x, y, scale } = this.#view;
    const [left, top] = [(-x - AROUND) / scale, (-y - AROUND) / scale];
    return { left, top, right: left + (this.#size.width + 2 * AROUND) / scale, bottom: top + (this.#size.height + 2 * AROUND) / scale };
  }

  zoom(factor, x = this.#size.width / 2, y = this.#size.height / 2) {
    const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, Math.min(this.fitting, 0.3), this.#view.scale * factor));
    const by = scale / this.#view.scale;
    this.#set({ scale, x: x - (x - this.#view.x) * by, y: y - (y - this.#view.y) * by }, true);
  }

  zoomIn() {
    this.zoom(STEP);
  }

  zoomOut() {
    this.zoom(1 / STEP);
  }

  #set(view, byPerson) {
    this.#view = view;
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const { x, y, scale } = this.#view;
      this.#world.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale.toFixed(4)})`);
    });
    this.#onMove(byPerson, view.scale);
  }

  /** Whether the pointer that was last released has moved the picture, so that its click chooses nothing. */
  get wasMoved() {
    return this.#moved > 4;
  }

  #at(event) {
    const box = this.#svg.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #down = (event) => {
    if (event.button !== 0) return;
    this.#pointers.set(event.pointerId, this.#at(event));
    if (this.#pointers.size === 1) this.#moved = 0;
  };

  #drag = (event) => {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#at(event);
    this.#moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (this.wasMoved && !this.#svg.hasPointerCapture(event.pointerId)) this.#svg.setPointerCapture(event.pointerId);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    if (other) {
      this.zoom(distance(now, other) / Math.max(1, distance(before, other)), (now.x + other.x) / 2, (now.y + other.y) / 2);
    } else {
      this.#set({ ...this.#view, x: this.#view.x + now.x - before.x, y: this.#view.y + now.y - before.y }, true);
    }
  };

  #up = (event) => {
    this.#pointers.delete(event.pointerId);
  };

  /** The wheel scrolls the page until the picture has the focus; a pinch always scales. */
  #wheel = (event) => {
    if (!event.ctrlKey && document.activeElement !== this.#svg) return;
    event.preventDefault();
    const { x, y } = this.#at(event);
    this.zoom(Math.exp(-event.deltaY * WHEEL * (event.ctrlKey ? 6 : 1) * (event.deltaMode === 1 ? 16 : 1)), x, y);
  };

  #key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (move) this.#set({ ...this.#view, x: this.#view.x + move[0] * KEY_MOVE, y: this.#view.y + move[1] * KEY_MOVE }, true);
    else if (event.key === "+" || event.key === "=") this.zoomIn();
    else if (event.key === "-") this.zoomOut();
    else if (event.key === "0") this.fit(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);
