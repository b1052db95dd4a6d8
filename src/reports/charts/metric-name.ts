/** Names of values where no result says which network they are of. */
import { textToVisible } from "../page.ts";

const NAMES: Readonly<Record<string, string>> = {
  frechet_inception_distance: "FID",
  inception_score_mean: "Inception Score",
};
const CAPITALS: readonly (readonly [RegExp, string])[] = [
  [/\bkl\b/g, "KL"],
  [/\bwasserstein\b/g, "Wasserstein"],
];

/** `reverse_kl` to `Reverse KL`. */
export function keyToName(key: string): string {
  if (Object.hasOwn(NAMES, key)) return NAMES[key];
  const words = CAPITALS.reduce(
    (text, [word, name]) => text.replace(word, name),
    textToVisible(key).replaceAll("_", " ").trim(),
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
