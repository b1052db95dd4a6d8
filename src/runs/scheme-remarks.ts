/** What is to be said of a run of a scheme before it begins: what it will not do, though it looks as if it would. */
import type { Warning } from "../errors.ts";
import type { RunConfig } from "../run-folder/run-config.ts";
import type { OpenedDomains } from "../train/data/domains/open-domains.ts";
import type { Scheme } from "../train/scheme/scheme.ts";

export interface RemarkedRun {
  readonly config: RunConfig;
  readonly scheme: Scheme;
  readonly domains: Pick<OpenedDomains, "data">;
}

type Remark = (run: RemarkedRun) => Warning | undefined;

/** What a score needs at least. */
export const FEWEST_SCORED = 2;

/** The loss of the papers of srgan and esrgan is of features. */
const ofPerceptualTerm: Remark = ({ config: { model, perceptual, termWeights = {} } }) =>
  perceptual !== "none" || !(termWeights.perceptual > 0)
    ? undefined
    : {
        code: "no-perceptual",
        message: `no network compares features: the pixel term of ${model} has the weight of the perceptual one (${termWeights.perceptual}), so images are smoother than the paper's`,
        hint: "Give --perceptual vgg19 (torchvision's weights, fetched at first use), or digits or random, which need no file; --weight perceptual=0 leaves the term out.",
      };

const ofTargets: Remark = ({ config: { model, evalEvery }, scheme: { makers } }) =>
  evalEvery === 0 || makers.some(({ target }) => target !== undefined)
    ? undefined
    : {
        code: "no-scores",
        message: `--eval-every ${evalEvery} scores nothing: ${model} makes no images that held-out ones could be compared with (${makers.map(({ name }) => name).join(", ") || "it has no makers"})`,
        hint: "Leave --eval-every out, and measure files with gan-eval metrics.",
      };

const ofHeldOut: Remark = ({ config: { evalEvery }, scheme: { makers }, domains }) => {
  const { count } = domains.data.heldOut;
  if (evalEvery === 0 || count >= FEWEST_SCORED || makers.every(({ target }) => target === undefined))
    return undefined;
  return {
    code: "no-scores",
    message: `--eval-every ${evalEvery} scores nothing: expected at least ${FEWEST_SCORED} held-out images, got ${count}`,
    hint: "Of 200 images or more a tenth is held out; folders val or test are too.",
  };
};

/** The warm-up trains the generator alone. */
const ofWarmUp: Remark = ({ config: { warmUp = 0, rounds } }) =>
  warmUp < rounds || warmUp === 0
    ? undefined
    : {
        code: "warm-up-only",
        message: `all ${rounds} rounds are warm-up (${warmUp} rounds): the generator learns by the pixel term alone, the discriminator not at all`,
        hint: `Give --rounds more than ${warmUp}, or a shorter --warm-up.`,
      };

const REMARKS: readonly Remark[] = [ofPerceptualTerm, ofTargets, ofHeldOut, ofWarmUp];

export const runToRemarks = (run: RemarkedRun): Warning[] => REMARKS.flatMap((remark) => remark(run) ?? []);
