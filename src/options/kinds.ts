/** What an option's value may be: how text and JSON become a value of each kind. */
import type { ZodType } from "zod";

/** zod, handed in by whoever loads it: reading help must not pay for it. */
export type Zod = typeof import("zod");

/**
 * What an option's value may be. A flag or environment variable brings a string, the config file JSON:
 * `schema` takes either and gives `T`. `expects` ends the sentence "`--flag` expects ...".
 */
export interface OptionKind<T> {
  readonly expects: string;
  readonly schema: (zod: Zod) => ZodType<T>;
  readonly choices?: readonly string[];
  /** A flag without a value. */
  readonly isSwitch?: true;
  /** The value as a flag takes it, where that is not `String(value)`. */
  toText?(value: T): string;
}

const boundsToWords = (minimum: number, maximum: number): string =>
  maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;

/** A whole number between bounds, both included. */
export function integer(minimum: number, maximum = Number.MAX_SAFE_INTEGER): OptionKind<number> {
  return {
    expects: `a whole number ${boundsToWords(minimum, maximum)}`,
    schema: ({ z }) =>
      z
        .union([
          z.number(),
          z
            .string()
            .regex(/^-?\d+$/)
            .transform(Number),
        ])
        .pipe(z.int().min(minimum).max(maximum)),
  };
}

/** A number between bounds, both included. */
export function number(minimum: number, maximum = Number.MAX_VALUE): OptionKind<number> {
  const bounds = maximum === Number.MAX_VALUE ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  return {
    expects: `a number ${bounds}`,
    schema: ({ z }) =>
      z
        .union([
          z.number(),
          z
            .string()
            .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i)
            .transform(Number),
        ])
        .pipe(z.number().min(minimum).max(maximum)),
  };
}

/** Whole numbers of at least 1, separated by commas, or a JSON list of them. */
export function integers(expects: string): OptionKind<number[]> {
  return {
    expects,
    schema: ({ z }) =>
      z
        .union([
          z
            .string()
            .regex(/^\d+(,\d+)*$/)
            .transform((list) => list.split(",").map(Number)),
          z.array(z.number()),
        ])
        .pipe(z.array(z.int().min(1))),
  };
}

/** Text that is not empty: a file, a folder, a name. */
export function text(expects: string): OptionKind<string> {
  return { expects, schema: ({ z }) => z.string().min(1) };
}

/** The name of a file to write, with one of these extensions. */
export function fileOf(...extensions: readonly string[]): OptionKind<string> {
  const [last, ...others] = [...extensions].reverse();
  const listed = others.length === 0 ? last : `${others.reverse().join(", ")} or ${last}`;
  return {
    expects: `a file name ending in ${listed}`,
    schema: ({ z }) =>
      z
        .string()
        .regex(new RegExp(`[^/](${extensions.map((extension) => `\\${extension}`).join("|")})$`, "i")),
  };
}

/** One of some names, or what another kind takes. */
export function nameOr(names: readonly string[], other: OptionKind<string>): OptionKind<string> {
  return {
    expects: `${names.join(", ")} or ${other.expects}`,
    schema: (tools) => tools.z.union([tools.z.enum(names as [string, ...string[]]), other.schema(tools)]),
  };
}

/** One of a closed list. */
export function oneOf<const T extends string>(choices: readonly T[]): OptionKind<T> {
  return {
    expects: `one of ${choices.join(", ")}`,
    choices,
    schema: ({ z }) => z.enum(choices as readonly [T, ...T[]]) as unknown as ZodType<T>,
  };
}

/** At least `least` comma-separated words, or a JSON list of them; repeated words count once. */
export function words(expects: string, least = 1): OptionKind<readonly string[]> {
  return {
    expects,
    schema: ({ z }) =>
      z
        .union([
          z.string().transform((list) => list.split(",").map((word) => word.trim())),
          z.array(z.string()),
        ])
        .pipe(z.array(z.string().min(1)).min(least))
        .transform((list) => [...new Set(list)]),
  };
}

/** On or off. In the environment: 1, true, yes, on, and their opposites. */
export function toggle(): OptionKind<boolean> {
  return {
    expects: "true or false",
    isSwitch: true,
    schema: ({ z }) => z.union([z.boolean(), z.stringbool()]),
  };
}

/** The kind, where leaving the option out means something of its own. */
export function optional<T>(kind: OptionKind<T>): OptionKind<T | undefined> {
  return { ...kind, schema: (zod) => kind.schema(zod).optional() };
}

/** The kind, where null means something of its own: files keep it as null. */
export function nullable<T>(kind: OptionKind<T>): OptionKind<T | null> {
  return { ...kind, schema: (zod) => kind.schema(zod).nullable() } as OptionKind<T | null>;
}
