/** The table of `gan-eval demo` in words; every figure is one of this run. */
import { countToText, scoreToText } from "../../../reports/quantities.ts";
import type { DemoTraining } from "./demo-training.ts";

/** Classes of the digits network, and so the highest score. */
const CLASSES = 10;

/** What the words need of a set. */
export interface DemoScore {
  readonly name: string;
  /** Absent for the real set itself. */
  readonly distance?: number;
  readonly score: number;
}

const timesToText = (ratio: number): string => `${countToText(Number(ratio.toPrecision(2)))} times`;

const namesOf = (sets: readonly DemoScore[]) => {
  const find = (name: string): DemoScore => sets.find((set) => set.name === name)!;
  const floor = find("fake-close").distance!;
  return {
    floor,
    distance: (name: string): number => find(name).distance!,
    times: (name: string): string => timesToText(find(name).distance! / floor),
    score: (name: string): string => find(name).score.toFixed(1),
  };
};

export function demoToMeaning(sets: readonly DemoScore[]): string[] {
  const { floor, times, score } = namesOf(sets);
  return [
    `distance (Frechet distance; lower is better): how far the fake set is from the real one. Only identical sets score zero; with this many images, an ideal generator gets about the ${scoreToText(floor)} of fake-close.`,
    `score (like the Inception Score; higher is better, at most ${CLASSES}): whether the images are clear and all ten digits appear. It ignores the real set, which itself scores ${score("real")}.`,
    `fake-noisy is ${times("fake-noisy")} as far as fake-close, with a score of ${score("fake-noisy")}: blur and noise make its digits look unreal and hard to tell apart.`,
    `fake-collapsed is ${times("fake-collapsed")} as far, and its score of ${score("fake-collapsed")} is about the number of different digits it makes: each image is clear, but most digits are missing.`,
  ];
}

/** A score with that of a perfect generator. */
function besideFloor(name: "precision" | "recall", { scores, floor }: DemoTraining): string | undefined {
  const value = scores[name];
  if (value === undefined) return undefined;
  const perfect = floor[name];
  return `${name} ${value.toFixed(2)}${perfect === undefined ? "" : ` (a perfect generator gets ${perfect.toFixed(2)})`}`;
}

/** What a minute of training came to. */
export function trainingToMeaning(sets: readonly DemoScore[], training: DemoTraining): string[] {
  const { distance, times, score } = namesOf(sets);
  const isNearer = distance("trained") < distance("fake-noisy");
  const among = isNearer
    ? "closer to the real digits than fake-noisy"
    : "not yet as close to the real digits as fake-noisy";
  const [precision, recall] = [besideFloor("precision", training), besideFloor("recall", training)];
  return [
    `trained is ${times("trained")} as far as fake-close, ${among}, with a score of ${score("trained")}. Longer training moves both toward fake-close.`,
    ...(precision === undefined || recall === undefined
      ? []
      : [
          `${precision}: the share of its digits that look real; low if digits are unclear.`,
          `${recall}: the share of real digits it can produce; low if digits or shapes are missing.`,
        ]),
    `See them in ${training.grid}`,
  ];
}
