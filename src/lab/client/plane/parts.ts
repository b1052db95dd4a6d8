/**
 * Everything on the page of the plane that can be pointed at: `data-part` of its element, and what "what is this?" says
 * of it. A tour's step names one of these.
 */
import { LAYER_NAMES, LAYERS, type LayerName } from "./layers.ts";

export interface Part {
  readonly title: string;
  readonly help: string;
}

const FIXED = {
  plane: {
    title: "The plane",
    help: "The data and both networks in one picture. The generator makes points; the discriminator colours every place by whether it takes a point there for real.",
  },
  pointer: {
    title: "Values under the pointer",
    help: "The discriminator's output at the place under the pointer, the finger or the cross that the arrow keys move: as a probability and as a logit.",
  },
  scale: {
    title: "Probability or logit",
    help: "A probability is squeezed at its ends: 0.99 and 0.9999 look alike. A logit is what the network puts out before that, and shows how sure it really is. Colours and the chart of D follow.",
  },
  layers: {
    title: "Layers",
    help: "What is drawn. These boxes are the legend as well; keys 1 to 8 switch them.",
  },
  outside: {
    title: "Outside",
    help: "Generated points that lie outside of the plane. They are ticks at its edge, and counted here.",
  },
  logits: {
    title: "What D sees",
    help: "The outputs of D for real and generated samples, as two histograms. Apart: D tells them apart. On top of each other: it cannot.",
  },
  play: { title: "Play", help: "Trains both networks until you pause. Space does the same." },
  speed: { title: "Speed", help: "Rounds a second at most. Slow: one phase a second." },
  "step-phase": {
    title: "Next phase",
    help: "One part of a step: draw, judge, loss, gradients, update. No weight moves until the update. Key P.",
  },
  "step-discriminator": {
    title: "Train D once",
    help: "To the end of the discriminator's next update. Key D.",
  },
  "step-generator": { title: "Train G once", help: "To the end of the generator's next update. Key G." },
  "step-round": {
    title: "Next round",
    help: "A round: all updates of both players. Right arrow; with Shift ten.",
  },
  "step-rounds": { title: "Some rounds", help: "As many rounds as you write." },
  back: {
    title: "Back",
    help: "Takes the last step back. The lab keeps what is needed to come to every earlier round, to the bit. Left arrow.",
  },
  seed: {
    title: "Seed",
    help: "Where all random numbers come from. The same seed and settings give the same run, to the bit.",
  },
  "new-seed": { title: "New seed", help: "Round 0 with other random numbers." },
  reset: { title: "Reset", help: "Round 0 again, with the same seed and settings: the same bytes. Key R." },
  algorithm: {
    title: "Algorithm",
    help: "What a round does, line by line. The line that is being done is lit. Algorithm 1 of Goodfellow et al. 2014 trains the players in turn.",
  },
  counter: {
    title: "Update counter",
    help: "Which update of the round this is: with 3 updates of D a round, its lines light three times.",
  },
  step: {
    title: "The step that was taken",
    help: "For the same latents: where each sample was (ring), where the loss pushed it (thin arrow), and where it went (line). The networks' weights are shared by all samples, so a step is not the arrow.",
  },
  rounds: {
    title: "Rounds",
    help: "Drag to look at any round so far. Marks are changes of settings. A change in the past begins a branch.",
  },
  numbers: {
    title: "This round",
    help: "What each player's loss was in this round, and what D made of real and generated samples, on average.",
  },
  undo: { title: "Undo", help: "Back to before the last change of a setting. Key U." },
  branches: {
    title: "Branches",
    help: "Each change of a setting in the past begins a branch. Choose one to go on with it.",
  },
  "chart-losses": {
    title: "Losses",
    help: "What each player minimizes. Dashed lines: where the loss stands when the generator is perfect. Losses that stand still do not prove good samples.",
  },
  "chart-scores": {
    title: "D(x) and D(G(z))",
    help: "What D makes of real and of generated samples on average. Both 0.5: it cannot tell them apart.",
  },
  "chart-divergences": {
    title: "Divergences",
    help: "How far the generated distribution is from the data's, from exact densities. The floor is what a perfect generator would read.",
  },
  "chart-gradients": {
    title: "Gradient norms",
    help: "How strongly each player's weights are pushed. A generator whose gradient dies learns nothing.",
  },
  readings: {
    title: "Readings",
    help: "Scores of the generated distribution, each with what a perfect generator would read with as many samples.",
  },
  verdicts: {
    title: "Verdicts",
    help: "What gan-eval diagnose finds in this run, with the number and its threshold. Click to see the round where it began.",
  },
  settings: {
    title: "Settings",
    help: "Each says what a change does before you make it: now; compiles anew and keeps the weights; or starts anew.",
  },
  pairs: {
    title: "Side by side",
    help: "Two runs with the same data, seed and latents, which differ in one thing.",
  },
  pairing: {
    title: "Paired",
    help: "Paired runs get the same real samples and latents, draw by draw. Where one draws more than the other that is impossible.",
  },
  command: { title: "The command", help: "Run in a shell, it trains the same run to the same bytes." },
  export: { title: "Export", help: "The run as a folder, points, curves, the generator, or the picture." },
  alone: {
    title: "Train one alone",
    help: "Updates of D alone bring it near the best D for this generator, and show what is left of the generator's gradient.",
  },
  pad: { title: "Draw your own data", help: "Draw points with the mouse, a pen or a finger." },
  address: {
    title: "Share",
    help: "The address of this page holds the settings, the seed, the round and the layers: whoever opens it sees the same.",
  },
  keys: { title: "Keys", help: "All of the page by keyboard. Key ?." },
  "tab-runs": { title: "Runs", help: "The list of runs of this machine, while they train." },
  "shift-handle": { title: "Theta", help: "Moves one distribution away from the other." },
  "shift-curves": {
    title: "Three divergences",
    help: "What each makes of the distance: the line is exact, the dot is here, the ring is what a trained network estimates.",
  },
  scenes: {
    title: "Scenes",
    help: "Short tours: each shows one thing, and holds what it says against the numbers on the screen.",
  },
  summary: { title: "Summary", help: "The state of the plane in a sentence." },
  tour: { title: "Tour", help: "Steps that explain what is to be seen." },
} as const satisfies Readonly<Record<string, Part>>;

/** `setting-` and the option's flag, `reading-` and its name, `layer-` and its name; `line-` and the phase of a player. */
export type PartName =
  | keyof typeof FIXED
  | `layer-${LayerName}`
  | `setting-${string}`
  | `reading-${string}`
  | `group-${string}`
  | `line-${"discriminator" | "generator" | "together"}-${string}`;

const ofLayers = Object.fromEntries(LAYER_NAMES.map((name) => [`layer-${name}`, LAYERS[name]]));

export const PARTS: Readonly<Record<string, Part>> = { ...FIXED, ...ofLayers };
