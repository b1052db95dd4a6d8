// How far the numbers of cases are from their thresholds (bench/diagnosis.js --half even --margins): a threshold is set
// where both sides are equally far. Cases that may have a verdict or not count on neither side.

/** Names of layers, networks and losses aside. */
const toSignal = (metric) =>
  metric
    .replace(/(generator|discriminator)\/\w+( over \w+)?/, (_, __, over) =>
      over ? "first layer over last" : "a layer",
    )
    .replace(/of the (generator|discriminator)\b/, "of a network")
    .replace(/(generator_loss|discriminator_loss|fake_logit)/, "a series")
    .replace(/(sliced_wasserstein|frechet_\w+)/, "the distance");

const written = (list) => list.map(({ value, name }) => `${value.toPrecision(3)} ${name}`).join(", ");

/** The three outermost cases of each side. */
export function printMargins(judged) {
  const signals = new Map();
  for (const { spec, findings } of judged)
    for (const { id, finding } of findings) {
      if (spec.either.includes(id)) continue;
      for (const { metric, value, threshold } of finding.holds ?? finding.clear ?? []) {
        const key = `${id}, ${spec.kind}: ${toSignal(metric)} (${threshold})`;
        if (!signals.has(key)) signals.set(key, { planted: [], without: [] });
        const side = spec.truth.includes(id) ? "planted" : "without";
        signals.get(key)[side].push({ value, name: spec.name });
      }
    }
  for (const [key, sides] of signals) {
    console.log(`\n${key}`);
    for (const [side, list] of Object.entries(sides)) {
      const sorted = list.filter(({ value }) => !Number.isNaN(value)).sort((a, b) => a.value - b.value);
      if (sorted.length === 0) continue;
      console.log(
        `  ${side} (${list.length}): ${written(sorted.slice(0, 3))} ... ${written(sorted.slice(-3))}`,
      );
    }
  }
}
