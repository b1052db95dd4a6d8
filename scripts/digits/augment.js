// Random small shifts, turns, slants and scalings of training images, by bilinear sampling.

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CENTRE = (SIDE - 1) / 2;

/**
 * Writes a warped image: turned by up to 15 degrees, scaled by up to 15 % (and 8 % more on one axis), slanted by up
 * to 0.2, shifted by up to 2 pixels.
 * @param {Uint8Array} images [n, 28, 28]
 * @param {number} index which of them
 * @param {import("./random.js").Random} random
 * @param {Float32Array} batch [m, 28, 28], 0 to 1
 * @param {number} row where it goes
 */
export function warpImage(images, index, random, batch, row) {
  const angle = random.between(-0.26, 0.26);
  const scale = Math.exp(random.between(-0.15, 0.15));
  const scaleY = scale * Math.exp(random.between(-0.08, 0.08));
  const slant = random.between(-0.2, 0.2);
  const shiftX = random.between(-2, 2);
  const shiftY = random.between(-2, 2);
  const [xx, xy] = [scale * Math.cos(angle), scale * (slant - Math.sin(angle))];
  const [yx, yy] = [scaleY * Math.sin(angle), scaleY * Math.cos(angle)];
  const from = index * PIXELS;
  const to = row * PIXELS;
  const at = (x, y) => (x >= 0 && y >= 0 && x < SIDE && y < SIDE ? images[from + y * SIDE + x] : 0);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const sx = CENTRE + xx * (x - CENTRE) + xy * (y - CENTRE) + shiftX;
      const sy = CENTRE + yx * (x - CENTRE) + yy * (y - CENTRE) + shiftY;
      const x0 = Math.floor(sx);
      const y0 = Math.floor(sy);
      const u = sx - x0;
      const v = sy - y0;
      const upper = (1 - u) * at(x0, y0) + u * at(x0 + 1, y0);
      const lower = (1 - u) * at(x0, y0 + 1) + u * at(x0 + 1, y0 + 1);
      batch[to + y * SIDE + x] = ((1 - v) * upper + v * lower) / 255;
    }
  }
}
