// What one line draws: times and values in two growing arrays that are used again for each picture.
// A value that is no number lifts the pen. `low` and `high` are of the values inside the range alone.

export class Points {
  xs = new Float64Array(1_024);
  ys = new Float64Array(1_024);
  length = 0;
  low = Infinity;
  high = -Infinity;
  // Time of the newest value, from which another source may go on
  end = null;

  clear() {
    this.length = 0;
    this.low = Infinity;
    this.high = -Infinity;
    this.end = null;
    return this;
  }

  add(x, y) {
    if (this.length === this.xs.length) {
      this.xs = doubled(this.xs);
      this.ys = doubled(this.ys);
    }
    this.xs[this.length] = x;
    this.ys[this.length] = y;
    this.length += 1;
  }

  // A value inside the range.
  see(y) {
    if (y < this.low) this.low = y;
    if (y > this.high) this.high = y;
  }

  get isEmpty() {
    return this.low > this.high;
  }
}

function doubled(array) {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
