// Samples of known distributions, as rows of numbers: { data: Float64Array [rows * width], rows, width }.

/**
 * Draws from a source of 32-bit numbers.
 * @param {{ next(): number }} source
 */
export function openDraws(source) {
  const uniform = () => (source.next() + 0.5) / 2 ** 32;
  let kept;
  // Box and Muller's pair.
  const normal = () => {
    if (kept !== undefined) {
      const value = kept;
      kept = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const fill = (rows, width, draw) => {
    const data = new Float64Array(rows * width);
    for (let row = 0; row < rows; row++) for (let i = 0; i < width; i++) data[row * width + i] = draw(i, row);
    return { data, rows, width };
  };
  return {
    uniform,
    normal,
    fill,
    gaussian: (rows, width, mean = 0, deviation = 1) => fill(rows, width, () => mean + deviation * normal()),
    /** Equal in all dimensions: mode m has the mean means[m] in each, and is drawn with the chance weights[m]. */
    diagonalModes(rows, width, means, deviation, weights) {
      const modes = Array.from({ length: rows }, () => drawIndex(uniform(), weights));
      return fill(rows, width, (_, row) => means[modes[row]] + deviation * normal());
    },
    /** Modes at points [modes][width]. */
    modes(rows, points, deviation) {
      const drawn = Array.from({ length: rows }, () => Math.floor(uniform() * points.length));
      return fill(rows, points[0].length, (i, row) => points[drawn[row]][i] + deviation * normal());
    },
    /** Uniform on the surface of a sphere. */
    sphere(rows, width, radius) {
      const sample = fill(rows, width, normal);
      for (let row = 0; row < rows; row++) {
        const own = sample.data.subarray(row * width, (row + 1) * width);
        const scale = radius / Math.hypot(...own);
        for (let i = 0; i < width; i++) own[i] *= scale;
      }
      return sample;
    },
    cube: (rows, width, start) => fill(rows, width, () => start + uniform()),
    /** Uniform in a ball of three dimensions. */
    ball(rows, radius) {
      const sample = fill(rows, 3, () => 0);
      for (let row = 0; row < rows; row++) {
        const point = insideUnitBall(3, uniform);
        for (let i = 0; i < 3; i++) sample.data[3 * row + i] = radius * point[i];
      }
      return sample;
    },
    /** Uniform in a disc of radius 0.1, at a distance of 1 from the axis that it is turned about. */
    torus(rows) {
      const sample = fill(rows, 3, () => 0);
      for (let row = 0; row < rows; row++) {
        const [along, up] = insideUnitBall(2, uniform).map((value) => 0.1 * value);
        const angle = 2 * Math.PI * uniform();
        sample.data.set([(1 + along) * Math.cos(angle), (1 + along) * Math.sin(angle), up], 3 * row);
      }
      return sample;
    },
    /** P(X > x) = x^-shape of x from 1 up. */
    pareto: (shape) => uniform() ** (-1 / shape),
  };
}

function drawIndex(at, weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = at * total;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return weights.findLastIndex((weight) => weight > 0);
}

function insideUnitBall(width, uniform) {
  for (;;) {
    const point = Array.from({ length: width }, () => 2 * uniform() - 1);
    if (point.reduce((sum, value) => sum + value ** 2, 0) <= 1) return point;
  }
}

/** One more row. */
export function withRow({ data, rows, width }, value) {
  const longer = new Float64Array(data.length + width).fill(value);
  longer.set(data);
  return { data: longer, rows: rows + 1, width };
}

/**
 * Both sides, each column less the real mean and over the real deviation (1 where that is 0), as the paper measures them.
 * @param real its own standardised copy is made once: neighbours that are found of it can be kept
 */
export function openStandardised(real) {
  const { rows, width } = real;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += real.data[row * width + i];
    mean[i] = sum / rows;
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += (real.data[row * width + i] - mean[i]) ** 2;
    deviation[i] = Math.sqrt(squares / rows) || 1;
  }
  const standardise = (side) => ({
    ...side,
    data: Float32Array.from(side.data, (value, at) => (value - mean[at % width]) / deviation[at % width]),
  });
  return { real: standardise(real), toFake: standardise };
}
