/** Tables of options: what a caller may give, what a consumer gets, and the check of values that come from a file. */
import { GanEvalError } from "../errors.ts";
import type { Zod } from "./kinds.ts";
import type { OptionRow } from "./option.ts";

/** The key is the option's name everywhere: in the library, in the config file, in `run.json`, and as a flag. */
export type OptionTable = Readonly<Record<string, OptionRow<unknown>>>;

type ValueOf<Row> = Row extends OptionRow<infer T> ? T : never;

/** Every option of a table, as its consumer gets it. */
export type OptionsOf<Table extends OptionTable> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]>;
};

/** What a caller may give: an option that is left out or undefined has its default. */
export type GivenOptions<Table extends OptionTable> = {
  readonly [Name in keyof Table]?: ValueOf<Table[Name]> | undefined;
};

/** The options of a table out of an object that may hold more, with defaults for those that are missing. */
export function withDefaults<Table extends OptionTable>(
  table: Table,
  given: GivenOptions<Table>,
): OptionsOf<Table> {
  return Object.fromEntries(
    Object.entries(table).map(([name, row]) => [name, given[name] ?? row.default]),
  ) as OptionsOf<Table>;
}

/**
 * The options of a table as a file or a caller without types gives them, each checked by its kind.
 * @param origin names the place in messages: `runs/gan-1/run.json`
 * @throws GanEvalError `input.option-value` for the first value that its option does not take
 */
export function checkOptions<Table extends OptionTable>(
  table: Table,
  values: Readonly<Record<string, unknown>>,
  origin: string,
  zod: Zod,
): OptionsOf<Table> {
  const checked = Object.entries(table).map(([name, row]) => {
    const value = values[name] ?? row.default;
    const parsed = row.kind.schema(zod).safeParse(value);
    if (parsed.success) return [name, parsed.data];
    throw new GanEvalError(
      "input.option-value",
      `expected ${row.kind.expects} for ${name} in ${origin}, got ${JSON.stringify(value)}`,
    );
  });
  return Object.fromEntries(checked) as OptionsOf<Table>;
}
