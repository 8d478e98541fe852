// Any number of changes, one animation frame. A hidden tab paints nothing and catches up when shown.

export class Painter {
  #paint;
  #page;
  #requestFrame;
  #isAsked = false;
  #isOwed = false;

  constructor(paint, { page = document, requestFrame = (callback) => requestAnimationFrame(callback) } = {}) {
    this.#paint = paint;
    this.#page = page;
    this.#requestFrame = requestFrame;
    page.addEventListener("visibilitychange", this.#shown);
  }

  request() {
    if (this.#page.hidden) {
      this.#isOwed = true;
    } else if (!this.#isAsked) {
      this.#isAsked = true;
      this.#requestFrame(() => {
        this.#isAsked = false;
        this.#paint();
      });
    }
  }

  stop() {
    this.#page.removeEventListener("visibilitychange", this.#shown);
  }

  #shown = () => {
    if (this.#page.hidden || !this.#isOwed) return;
    this.#isOwed = false;
    this.request();
  };
}
