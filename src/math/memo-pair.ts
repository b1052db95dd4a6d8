/** Remembers a result that depends on two objects for as long as both live. */
import type { MetricContext } from "../metrics/metric.ts";

/** `context.once` of what depends on two things, as long as both live. */
export function memoPair<T>(
  { once }: Pick<MetricContext, "once">,
  a: object,
  b: object,
  key: string,
  compute: () => T,
): T {
  const others = once(a, `${key} with`, () => new WeakMap<object, T>());
  const known = others.get(b);
  if (known !== undefined) return known;
  const value = compute();
  others.set(b, value);
  return value;
}
