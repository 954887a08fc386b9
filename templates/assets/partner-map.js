/*
 * The map of partners in motion: the picture itself comes finished from the server and can be read, and scrolled,
 * without this. Here it is moved and scaled: by buttons, wheel, fingers and keys.
 */
class PartnerMap extends HTMLElement {
  connectedCallback() {
    this.svg = this.querySelector('svg');
    this.boxes = [...this.svg.querySelectorAll('a')];
    const { width, height } = this.svg.viewBox.baseVal;
    this.size = { width, height };
    this.fingers = new Map();
    for (const help of this.querySelectorAll('[data-pp-map-keys]')) help.hidden = false;
    this.classList.add('pp-map--live');
    // A small map needs no large frame.
    this.svg.style.height = `${Math.max(280, Math.min(height + 80, innerHeight * 0.7))}px`;
    for (const box of this.boxes) box.setAttribute('tabindex', '-1');
    this.boxes[0].setAttribute('tabindex', '0');
    this.addEventListener('click', (event) => this.press(event), true);
    this.addEventListener('keydown', (event) => this.key(event));
    this.addEventListener('focusin', ({ target }) => this.show(target));
    this.svg.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    for (const type of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel']) {
      this.svg.addEventListener(type, (event) => this.finger(event));
    }
    new ResizeObserver(() => this.draw()).observe(this.svg);
    this.fit(true);
  }

  /** All of it where that can still be read; else the left edge, where it begins. */
  fit(first = false) {
    const { clientWidth, clientHeight } = this.svg;
    const whole = Math.min(clientWidth / this.size.width, clientHeight / this.size.height, 1);
    const scale = first ? Math.max(whole, 0.6) : whole;
    const { y } = this.cornerOf(this.boxes[0]);
    const readable = scale > whole;
    this.move(
      scale,
      readable ? 0 : this.size.width / 2 - clientWidth / scale / 2,
      readable ? y - clientHeight / scale / 2 : this.size.height / 2 - clientHeight / scale / 2,
    );
  }

  /** Moves so that this many pixels stand for one of the picture, and this point is in the upper left corner. */
  move(scale, x, y) {
    this.goal = { scale: Math.min(Math.max(scale, 0.05), 3), x, y };
    const still = !this.view || matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (still) {
      this.view = this.goal;
      return this.draw();
    }
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.glide());
  }

  glide() {
    const part = (name) => this.view[name] + (this.goal[name] - this.view[name]) * 0.3;
    const near =
      Math.abs(this.goal.scale - this.view.scale) < 0.001 &&
      Math.hypot(this.goal.x - this.view.x, this.goal.y - this.view.y) < 0.5;
    this.view = near ? this.goal : { scale: part('scale'), x: part('x'), y: part('y') };
    this.draw();
    if (!near) this.frame = requestAnimationFrame(() => this.glide());
  }

  draw() {
    const { scale, x, y } = this.view;
    const { clientWidth, clientHeight } = this.svg;
    this.svg.setAttribute('viewBox', `${x} ${y} ${clientWidth / scale} ${clientHeight / scale}`);
  }

  jump(view) {
    cancelAnimationFrame(this.frame);
    this.view = this.goal = view;
    this.draw();
  }

  /** @param at the point that stays where it is, in pixels of the frame */
  zoom(
    factor,
    at = { x: this.svg.clientWidth / 2, y: this.svg.clientHeight / 2 },
    move = (...view) => this.move(...view),
  ) {
    const { scale, x, y } = this.goal;
    const next = Math.min(Math.max(scale * factor, 0.05), 3);
    move(next, x + at.x / scale - at.x / next, y + at.y / scale - at.y / next);
  }

  pan(across, down) {
    const { scale, x, y } = this.goal;
    this.move(scale, x + (across * this.svg.clientWidth) / 3 / scale, y + (down * this.svg.clientHeight) / 3 / scale);
  }

  cornerOf(box) {
    const { e: x, f: y } = box.transform.baseVal.consolidate().matrix;
    return { x, y };
  }

  /** Whoever has the focus is brought into sight. */
  show(target) {
    if (!this.boxes.includes(target)) return;
    const { scale, x, y } = this.goal;
    const [width, height] = [this.svg.clientWidth / scale, this.svg.clientHeight / scale];
    const box = this.cornerOf(target);
    const inside = box.x > x && box.y > y && box.x + 184 < x + width && box.y + 44 < y + height;
    if (!inside) this.move(scale, box.x + 92 - width / 2, box.y + 22 - height / 2);
  }

  press(event) {
    // What ends a drag is no click on whoever lies there.
    if (this.dragged) event.preventDefault();
    this.dragged = false;
    const { ppZoom, ppPan } = event.target.closest('button')?.dataset ?? {};
    if (ppZoom === 'in') this.zoom(1.4);
    if (ppZoom === 'out') this.zoom(1 / 1.4);
    if (ppZoom === 'fit') this.fit();
    if (ppPan) this.pan(...ppPan.split(',').map(Number));
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey && !this.contains(document.activeElement)) return;
    event.preventDefault();
    const { left, top } = this.svg.getBoundingClientRect();
    this.zoom(Math.exp(-event.deltaY / 400), { x: event.clientX - left, y: event.clientY - top });
  }

  finger(event) {
    const { type, pointerId, clientX: x, clientY: y } = event;
    if (type === 'pointerdown') {
      this.fingers.set(pointerId, { x, y });
      this.start = { x, y };
      return;
    }
    const before = this.fingers.get(pointerId);
    if (!before) return;
    if (type !== 'pointermove') return this.fingers.delete(pointerId);
    if (Math.hypot(x - this.start.x, y - this.start.y) > 4) {
      this.dragged = true;
      this.svg.setPointerCapture(pointerId);
    }
    const others = [...this.fingers].filter(([id]) => id !== pointerId).map(([, point]) => point);
    this.fingers.set(pointerId, { x, y });
    if (!this.dragged) return;
    if (others.length > 0) return this.pinch(before, { x, y }, others[0]);
    const { scale } = this.goal;
    this.jump({ scale, x: this.goal.x - (x - before.x) / scale, y: this.goal.y - (y - before.y) / scale });
  }

  pinch(before, now, other) {
    const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    const { left, top } = this.svg.getBoundingClientRect();
    const between = { x: (now.x + other.x) / 2 - left, y: (now.y + other.y) / 2 - top };
    this.zoom(apart(now) / apart(before), between, (scale, x, y) => this.jump({ scale, x, y }));
  }

  key(event) {
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (altKey || ctrlKey || metaKey) return;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const zooms = {
      '+': () => this.zoom(1.4),
      '=': () => this.zoom(1.4),
      '-': () => this.zoom(1 / 1.4),
      0: () => this.fit(),
    };
    if (zooms[key]) zooms[key]();
    else if (arrows[key] && shiftKey) this.pan(...arrows[key]);
    else if (arrows[key] && this.boxes.includes(event.target)) this.step(event.target, key);
    else return;
    event.preventDefault();
  }

  /** Left to the sponsor, right to the first below, up and down among those on the same level. */
  step(box, key) {
    const below = (sponsor) => this.boxes.filter(({ dataset }) => `m-${dataset.ppSponsor}` === sponsor.id);
    const level = this.boxes
      .filter((other) => this.cornerOf(other).x === this.cornerOf(box).x)
      .toSorted((a, b) => this.cornerOf(a).y - this.cornerOf(b).y);
    const at = level.indexOf(box);
    const goals = {
      ArrowLeft: this.boxes.find(({ id }) => id === `m-${box.dataset.ppSponsor}`),
      ArrowRight: below(box)[0],
      ArrowUp: level[at - 1],
      ArrowDown: level[at + 1],
    };
    if (!goals[key]) return;
    for (const other of this.boxes) other.setAttribute('tabindex', other === goals[key] ? '0' : '-1');
    goals[key].focus({ preventScroll: true });
  }
}
customElements.define('pp-map', PartnerMap);
