/** How long the steps of a scheme take to compile, foretold from how long they take to trace. */
import type { Engine } from "../engine/engine.ts";
import { stepKey } from "../train/scheme/plan.ts";
import { type PlannedStep, type Scheme, takesPart } from "../train/scheme/scheme.ts";
import { schemeToArrays, schemeToStep } from "../train/scheme/step.ts";

/**
 * Compiling takes so many times as long as tracing, whatever the machine. Measured: 3.6 to 6.8 times for pix2pix, cyclegan,
 * dualgan, unit, munit and srgan (1,000 to 12,000 nodes); 7 to 12 times for esrgan of 23 blocks (16,000 nodes, 16 to 28 s).
 */
const TO_TRACING = 8;

/**
 * Arrays of weights in all passes of all steps from which on a scheme is traced to foretell. cyclegan has 348 and takes
 * 10 to 16 s, esrgan 1,564.
 */
const LARGE = 900;

/** What is worth saying, in seconds. */
const LONG = 60;

/** Each step that is compiled. */
const schemeToSteps = ({ plan }: Scheme): PlannedStep[] => [
  ...new Map(plan.flatMap(({ steps }) => steps.map((step) => [stepKey(step), step] as const))).values(),
];

/** Arrays of weights that a step reads, once for each pass: known before anything is traced. */
function stepToReads({ passes, networks }: Scheme, { trains }: PlannedStep): number {
  return Object.values(passes)
    .filter((pass) => takesPart(pass, trains))
    .reduce((sum, { network }) => sum + Object.keys(networks[network].weights).length, 0);
}

/**
 * Seconds that compiling the scheme's steps takes, about: they are traced for it, which takes an eighth of that.
 * @param clock milliseconds of a clock that is never set
 */
export async function schemeToCompileSeconds(scheme: Scheme, clock: () => number): Promise<number> {
  const [{ functionToGraph }, { readChannelBlock }] = await Promise.all([
    import("../engine/trace.ts"),
    import("../engine/channel-block.ts"),
  ]);
  const block = await readChannelBlock();
  const arrays = schemeToArrays(scheme);
  const started = clock();
  for (const planned of schemeToSteps(scheme)) {
    const { fn, signature } = schemeToStep(scheme, planned);
    functionToGraph(fn, { ...signature, ...arrays }, "step", "cpu", block);
  }
  return (TO_TRACING * (clock() - started)) / 1000;
}

/** Seconds of a compilation of a minute or more; undefined for a shorter one, which most are without any tracing. */
export async function foretellLongCompilation(
  scheme: Scheme,
  engine: Pick<Engine, "name">,
  clock: () => number,
): Promise<number | undefined> {
  if (engine.name !== "onnx") return undefined;
  const reads = schemeToSteps(scheme).reduce((sum, step) => sum + stepToReads(scheme, step), 0);
  if (reads < LARGE) return undefined;
  const seconds = await schemeToCompileSeconds(scheme, clock);
  return seconds >= LONG ? seconds : undefined;
}
