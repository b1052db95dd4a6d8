// One grid for each verdict, so that a reader can judge: reports/real-runs.png from the runs of cases.js.
//
//   node bench/real-runs/sheet.js RUNS OUT.png
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";

const [runs, out] = process.argv.slice(2);

/** A run, and what is said of it; all of the odd half. */
const SHOWN = [
  ["mnist-generator-ahead-1", "mode collapse: two things"],
  ["mnist-many-generator-steps-1", "mode collapse: one thing"],
  ["mnist-few-images-1", "mode collapse: three images"],
  ["mnist-forgets-3", "mode collapse: nine digits are lost"],
  ["fashion-five-classes-1", "partial collapse: five of ten classes"],
  ["mnist-bgan-1", "not trained enough: grain"],
  ["mnist-dcgan-1", "not trained enough: blobs"],
  ["fashion-began-1", "not trained enough: nothing yet"],
  ["mnist-gan-long-3", "no collapse: all ten digits"],
  ["fashion-gan-long-3", "no collapse: all kinds"],
  ["fashion-goodfellow2014-1", "divergence: huge steps"],
  ["mnist-wgan-fast-1", "no collapse: 400 rounds"],
];

const [SIDE, GRID, PAD, GAP, COLUMNS] = [32, 6, 22, 8, 4];
const WIDTH = SIDE * GRID;

function toGrid(name) {
  const run = path.join(runs, name);
  const [height, width, channels] = JSON.parse(readFileSync(path.join(run, "shape.json"), "utf8"));
  const rounds = readdirSync(run).flatMap((file) => /^samples-(\d+)\.u8$/.exec(file)?.slice(1) ?? []);
  const last = Math.max(...rounds.map(Number));
  const samples = readFileSync(path.join(run, `samples-${last}.u8`));
  const pixels = Buffer.alloc(WIDTH * WIDTH * 3);
  for (let i = 0; i < GRID * GRID; i++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let k = 0; k < 3; k++) {
          const to = (Math.floor(i / GRID) * SIDE + y) * WIDTH + (i % GRID) * SIDE + x;
          pixels[3 * to + k] = samples[((i * height + y) * width + x) * channels + (channels === 3 ? k : 0)];
        }
  return pixels;
}

const tiles = SHOWN.flatMap(([name, text], i) => {
  const left = GAP + (i % COLUMNS) * (WIDTH + GAP);
  const top = GAP + Math.floor(i / COLUMNS) * (WIDTH + PAD + GAP);
  const label = `<svg width="${WIDTH}" height="${PAD}"><text x="0" y="15" font-size="11" font-family="sans-serif" fill="#222">${text}</text></svg>`;
  return [
    { input: Buffer.from(label), left, top },
    { input: toGrid(name), raw: { width: WIDTH, height: WIDTH, channels: 3 }, left, top: top + PAD },
  ];
});
const rows = Math.ceil(SHOWN.length / COLUMNS);
await sharp({
  create: {
    width: GAP + COLUMNS * (WIDTH + GAP),
    height: GAP + rows * (WIDTH + PAD + GAP),
    channels: 3,
    background: "#fff",
  },
})
  .composite(tiles)
  .png({ palette: true, colours: 64 })
  .toFile(out);
