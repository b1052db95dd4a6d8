import { afterAll, beforeAll, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { cornersToMasks } from "../../../src/train/data/domains/masks.ts";
import { cutHoles, maskToPlaces, partsToPlaces } from "../../../src/train/schemes/hole-places.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const [HEIGHT, WIDTH, CHANNELS, SIDE] = [5, 7, 2, 3];
/** Every place that a hole can have. */
const CORNERS = Int32Array.from({ length: 2 * 15 }, (_, i) =>
  i % 2 === 0 ? Math.floor(i / 10) : ((i - 1) / 2) % 5,
);

it("what a hole hides is cut out and put back where it was, to the bit, wherever it is", async () => {
  const n = CORNERS.length / 2;
  const images = Float32Array.from({ length: n * HEIGHT * WIDTH * CHANNELS }, (_, i) => Math.sin(i));
  const mask = cornersToMasks(CORNERS, [HEIGHT, WIDTH], SIDE);
  const program = await engine.compile(
    ({ images, mask }) => {
      const places = maskToPlaces(mask, SIDE);
      const parts = cutHoles(images, places);
      return { parts, back: partsToPlaces(parts, places), known: tf.mul(images, mask) };
    },
    { images: { shape: [n, HEIGHT, WIDTH, CHANNELS] }, mask: { shape: [n, HEIGHT, WIDTH, 1] } },
  );
  const { parts, back, known } = await program.run({ images, mask });
  await program.dispose();
  expect(parts.data).toEqual(images.filter((_, at) => mask[Math.floor(at / CHANNELS)] === 1));
  expect([...back.data]).toEqual(Array.from(known.data, (value) => value + 0));
});
