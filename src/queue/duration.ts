/** How long something may take, as people write it: `90s`, `45m`, `3h50m`. */
import type { OptionKind } from "../options/kinds.ts";

const PARTS = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** Seconds; undefined for what is no duration. A number alone is seconds. */
function textToSeconds(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const [all, ...parts] = PARTS.exec(text) ?? [];
  if (!all) return undefined;
  const [hours, minutes, seconds] = parts.map((part) => Number(part ?? 0));
  return (hours * 60 + minutes) * 60 + seconds;
}

/** Seconds above 0. */
export function duration(): OptionKind<number> {
  return {
    expects: "a duration such as 90s, 45m or 3h50m",
    schema: ({ z }) =>
      z
        .union([z.number(), z.string().transform((text) => textToSeconds(text) ?? Number.NaN)])
        .pipe(z.number().positive()),
  };
}
