/** The layers of the plane: what each shows, its letter in the address and its key. */
import type { AskedLayer } from "../../protocol/plane-messages.ts";

export interface Layer {
  /** In the address: `layers=rfh`. */
  readonly letter: string;
  readonly title: string;
  /** What is to be seen. */
  readonly help: string;
  /** Fills colour every cell: one at a time. */
  readonly isFill: boolean;
  /** Costs the lab work. */
  readonly asks: readonly AskedLayer[];
  /** Only where the data's density is known. */
  readonly needsDensity: boolean;
}

const plain = { isFill: false, asks: [], needsDensity: false } as const;

/** In the order of the keys 1 to 8. */
export const LAYERS = {
  real: {
    ...plain,
    letter: "r",
    title: "real samples",
    help: "Points of the data. The generator never sees them: it only hears what the discriminator makes of its own.",
  },
  fake: {
    ...plain,
    letter: "f",
    title: "generated samples",
    help: "Where the generator puts 200 latents, the same ones in every frame. Ticks at the edge stand for points outside.",
  },
  heat: {
    ...plain,
    isFill: true,
    letter: "h",
    title: "discriminator D",
    help: "Green and upward hatching of the scale: D takes a point there for real; purple: for generated. The line is where D cannot tell, D = 0.5.",
  },
  manifold: {
    ...plain,
    letter: "m",
    title: "manifold of G",
    help: "A grid over the latents, as the generator bends it. Darker: more samples on less ground. Where the sheet is folded it is hatched.",
  },
  arrows: {
    ...plain,
    letter: "a",
    title: "arrows",
    help: "Where the generator's loss would push each sample, exactly -dL/dx. One scale for all frames and both panes: short arrows mean that G learns little.",
  },
  density: {
    ...plain,
    isFill: true,
    asks: ["density"],
    letter: "g",
    title: "density of G",
    help: "How much of what the generator makes falls into each cell.",
  },
  optimum: {
    ...plain,
    isFill: true,
    asks: ["optimum"],
    needsDensity: true,
    letter: "o",
    title: "best D for this G",
    help: "What the best of all discriminators would say: p / (p + q), from the exact density p of the data and q of the generator.",
  },
  difference: {
    ...plain,
    isFill: true,
    asks: ["optimum"],
    needsDensity: true,
    letter: "d",
    title: "D minus the best D",
    help: "Where D is too sure that a point is real (green) or generated (purple), compared to the best D.",
  },
} as const satisfies Readonly<Record<string, Layer>>;

export type LayerName = keyof typeof LAYERS;
export const LAYER_NAMES = Object.keys(LAYERS) as LayerName[];

export const FIRST_LAYERS: readonly LayerName[] = ["real", "fake", "heat", "arrows"];

/** A layer more or less. A fill takes the place of another. */
export function turnLayer(shown: readonly LayerName[], name: LayerName): LayerName[] {
  if (shown.includes(name)) return shown.filter((other) => other !== name);
  const rest = LAYERS[name].isFill ? shown.filter((other) => !LAYERS[other].isFill) : shown;
  return LAYER_NAMES.filter((other) => other === name || rest.includes(other));
}

export const layersToLetters = (shown: readonly LayerName[]): string =>
  shown.map((name) => LAYERS[name].letter).join("");

/** Undefined where a letter is none of a layer's. */
export function lettersToLayers(letters: string): LayerName[] | undefined {
  const names = [...letters].map((letter) => LAYER_NAMES.find((name) => LAYERS[name].letter === letter));
  return names.includes(undefined) ? undefined : LAYER_NAMES.filter((name) => names.includes(name));
}

export const layersToAsked = (shown: readonly LayerName[]): AskedLayer[] => [
  ...new Set(shown.flatMap((name): readonly AskedLayer[] => LAYERS[name].asks)),
];
