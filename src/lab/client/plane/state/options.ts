/** Options of the address as values, and what the lab says of its settings as options of the address. */
import type { PlaneOptions, Setting } from "../../../protocol/plane-messages.ts";
import type { WishedOptions } from "./wish.ts";

/** `lr-generator` to `lrGenerator`: options of run.json are spelt so. */
const flagToName = (flag: string): string =>
  flag.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Of an option that no setting describes: the lab checks it. */
function textToAny(text: string): unknown {
  if (NUMBER.test(text)) return Number(text);
  return text === "true" || text === "false" ? text === "true" : text;
}

const limits = (least: number | undefined, most: number | undefined): string =>
  least !== undefined && most !== undefined
    ? ` from ${least} to ${most}`
    : least !== undefined
      ? ` of at least ${least}`
      : most !== undefined
        ? ` of at most ${most}`
        : "";

/** The value, or in words what was expected. */
export function textToValue(text: string, { control }: Setting): { value: unknown } | { expected: string } {
  if (control.kind === "toggle")
    return text === "true" || text === "false" ? { value: text === "true" } : { expected: "true or false" };
  if (control.kind === "choice")
    return control.choices.some(({ value }) => value === text)
      ? { value: text }
      : { expected: `one of ${control.choices.map(({ value }) => value).join(", ")}` };
  const { least, most, isInteger } = control;
  const value = Number(text);
  const isRight =
    NUMBER.test(text.trim()) &&
    (!isInteger || Number.isInteger(value)) &&
    value >= (least ?? Number.NEGATIVE_INFINITY) &&
    value <= (most ?? Number.POSITIVE_INFINITY);
  return isRight ? { value } : { expected: `a${isInteger ? " whole" : ""} number${limits(least, most)}` };
}

export const valueToText = (value: unknown): string =>
  Array.isArray(value) ? value.join(",") : value === undefined || value === null ? "" : String(value);

/** As `open` takes them. */
export function wishedToOptions(wished: WishedOptions, settings: readonly Setting[] = []): PlaneOptions {
  return Object.fromEntries(
    Object.entries(wished).map(([flag, text]) => {
      const setting = settings.find((row) => row.flag === flag);
      const read = setting && textToValue(text, setting);
      return [setting?.name ?? flagToName(flag), read && "value" in read ? read.value : textToAny(text)];
    }),
  );
}

/** Options that the lab takes and shows no control of. */
const WITHOUT_CONTROL: readonly string[] = ["seed", "lr", "rounds"];

/** What of the wished options fits the settings, and what does not, in sentences. */
export function checkWished(
  wished: WishedOptions,
  settings: readonly Setting[],
): { readonly kept: WishedOptions; readonly complaints: readonly string[] } {
  const kept: Record<string, string> = {};
  const complaints: string[] = [];
  for (const [flag, text] of Object.entries(wished)) {
    const setting = settings.find((row) => row.flag === flag);
    const read = setting
      ? textToValue(text, setting)
      : WITHOUT_CONTROL.includes(flag)
        ? { value: text }
        : undefined;
    if (read === undefined) complaints.push(`${flag}: expected an option of the plane, got this`);
    else if ("expected" in read) complaints.push(`${flag}: expected ${read.expected}, got ${text}`);
    else kept[flag] = text;
  }
  return { kept, complaints };
}

const differs = (a: unknown, b: unknown): boolean => valueToText(a) !== valueToText(b);

/** `lr` stands for both rates where they are the same. */
function compressRates({ lr: _, ...wished }: WishedOptions): WishedOptions {
  const { "lr-generator": generator, "lr-discriminator": discriminator, ...rest } = wished;
  return generator !== undefined && generator === discriminator ? { ...rest, lr: generator } : wished;
}

/** Settings that are not at their defaults, and options that have no control, as they were. */
export function settingsToWished(settings: readonly Setting[], wished: WishedOptions): WishedOptions {
  const flags = new Set(settings.map(({ flag }) => flag));
  const others = Object.entries(wished).filter(([flag]) => !flags.has(flag));
  const changed = settings.filter(({ value, default: usual }) => differs(value, usual));
  return compressRates(
    Object.fromEntries([...changed.map(({ flag, value }) => [flag, valueToText(value)]), ...others]),
  );
}

/** Flags of settings that are not the same in both panes. */
export function settingsToDifferences(panes: readonly (readonly Setting[])[]): ReadonlySet<string> {
  const [first, second] = panes;
  if (!first || !second) return new Set();
  const theirs = new Map(second.map((setting) => [setting.flag, setting.value]));
  return new Set(
    first
      .filter(({ flag, value }) => !theirs.has(flag) || differs(value, theirs.get(flag)))
      .map(({ flag }) => flag),
  );
}

/** What of the second pane differs from the first, as options of the address. */
export function panesToSecond(first: readonly Setting[], second: readonly Setting[]): WishedOptions {
  const differing = settingsToDifferences([second, first]);
  return Object.fromEntries(
    second.filter(({ flag }) => differing.has(flag)).map(({ flag, value }) => [flag, valueToText(value)]),
  );
}
