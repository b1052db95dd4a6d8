// The Frechet distance at d = 2048 from full-rank statistics (n = 5000), and its parts, in seconds.
//
//   npm run build && node bench/frechet.js [--threads 2] [--d 2048] [--n 5000] [--dump DIR]
//
// --dump writes sigma_real.f64, sigma_fake.f64 [d, d], mu_real.f64 and mu_fake.f64 [d] (raw little-endian doubles,
// row-major), for scipy.linalg.sqrtm or any other program to work on the same matrices.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { featuresToMoments, momentsToCovariance } from "../dist/math/features/statistics.js";
import { bidiagonalBytes, bidiagonalToSingularValues, toBidiagonal } from "../dist/math/linalg/bidiagonal.js";
import { choleskyInPlace } from "../dist/math/linalg/cholesky.js";
import { addProduct, productBytes } from "../dist/math/linalg/product.js";
import { toTridiagonal, tridiagonalBytes } from "../dist/math/linalg/tridiagonal.js";
import { tridiagonalToEigenvalues } from "../dist/math/linalg/tridiagonal-eigenvalues.js";
import { defaultThreads, matrixBytes, withWorkspace } from "../dist/math/linalg/workspace.js";
import { statisticsToFrechet } from "../dist/metrics/fid.js";

const { values } = parseArgs({
  options: {
    threads: { type: "string", default: String(defaultThreads()) },
    d: { type: "string", default: "2048" },
    n: { type: "string", default: "5000" },
    dump: { type: "string" },
  },
});
const [threads, d, n] = [values.threads, values.d, values.n].map(Number);

/** Sums of three uniform numbers from a linear congruential generator, as features [n, d]. */
function seededFeatures(seed, scale, shift) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const data = Float32Array.from(
    { length: n * d },
    () => scale * (uniform() + uniform() + uniform() - 1.5) + shift,
  );
  return { data, rows: n, width: d };
}

const rows = [];
function timed(name, operations, action) {
  const start = performance.now();
  const result = action();
  const seconds = (performance.now() - start) / 1e3;
  const gflops = operations > 0 ? (operations / seconds / 1e9).toFixed(1) : "";
  rows.push({ part: name, seconds: seconds.toFixed(3), GFLOPS: gflops });
  return result;
}

const features = { real: seededFeatures(1, 1, 0), fake: seededFeatures(2, 0.9, 0.05) };
const toStatistics = (moments) => ({ mu: moments.mean, sigma: momentsToCovariance(moments) });
const real = toStatistics(timed(`moments of ${n} rows`, n * d * d, () => featuresToMoments(features.real)));
const fake = toStatistics(featuresToMoments(features.fake));

if (values.dump) {
  mkdirSync(values.dump, { recursive: true });
  for (const [name, { mu, sigma }] of Object.entries({ real, fake })) {
    for (const [part, array] of Object.entries({ mu, sigma })) {
      const file = path.join(values.dump, `${part}_${name}.f64`);
      writeFileSync(`${file}.part`, array);
      renameSync(`${file}.part`, file);
    }
  }
}

const square = matrixBytes(d, d);
const bytes = 4 * square + productBytes(d, threads) + tridiagonalBytes(d) + bidiagonalBytes(d, d);
withWorkspace({ bytes, threads }, (ws) => {
  const [a, l, w, m] = [ws.matrix(d, d), ws.matrix(d, d), ws.matrix(d, d), ws.matrix(d, d)];
  const put = (matrix, { sigma }) => {
    const to = ws.doubles(matrix.pointer, d * matrix.ld);
    for (let i = 0; i < d; i++) to.set(sigma.subarray(i * d, (i + 1) * d), i * matrix.ld);
  };
  put(a, real);
  put(l, fake);
  timed("product, whole", 2 * d ** 3, () => addProduct(ws, a, l, w));
  timed("Cholesky", d ** 3 / 3, () => choleskyInPlace(ws, l, 0));
  ws.doubles(w.pointer, d * w.ld).fill(0);
  timed("S L", d ** 3, () => addProduct(ws, a, l, w, { lowerB: true }));
  timed("L' (S L)", d ** 3 / 3, () =>
    addProduct(ws, l, w, m, { transposeA: true, upperA: true, lowerOnly: true }),
  );
  const tridiagonal = timed("to tridiagonal", (4 / 3) * d ** 3, () => toTridiagonal(ws, m));
  timed("QL", 0, () => tridiagonalToEigenvalues(tridiagonal));
  const bidiagonal = timed("to bidiagonal (singular inputs only)", (8 / 3) * d ** 3, () =>
    toBidiagonal(ws, a),
  );
  timed("QL of it", 0, () => bidiagonalToSingularValues(bidiagonal));
});

const found = [1, 2, 3].map((run) =>
  timed(`Frechet distance, run ${run}`, 0, () => statisticsToFrechet(real, fake, { threads })),
);
console.log(`d ${d}, n ${n}, threads ${threads}, node ${process.version}`);
console.table(rows);
console.log(
  `distance ${found[0].distance}, trace of the root ${found[0].traceRoot}, at most ${found[0].errorBound} off`,
);
