/** Remembers a result that depends on two objects for as long as both live. */
import type { MemoContext } from "./compute-context.ts";

/** `context.memo` of what depends on two things, as long as both live. */
export function memoPair<T>(
  { memo }: Pick<MemoContext, "memo">,
  a: object,
  b: object,
  key: string,
  compute: () => T,
): T {
  const others = memo(a, `${key} with`, () => new WeakMap<object, T>());
  const known = others.get(b);
  if (known !== undefined) return known;
  const value = compute();
  others.set(b, value);
  return value;
}
