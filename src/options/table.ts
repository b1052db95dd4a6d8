/** Tables of options: what a caller may give, and what a consumer gets. */
import type { OptionRow } from "./option.ts";

/** The key is the option's name everywhere: in the library, in the config file, in `run.json`, and as a flag. */
export type OptionTable = Readonly<Record<string, OptionRow<unknown>>>;

/** The names of a table's options, in its order. */
export const tableToNames = <Table extends OptionTable>(table: Table): (keyof Table & string)[] =>
  Object.keys(table);

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
