/** Rows of a room under other names: those that another option of the program has already. */
import { nameToKebab, type OptionRow } from "../../options/option.ts";
import type { OptionTable } from "../../options/table.ts";

type NameOf<Key, Names> = Key extends keyof Names ? Names[Key] & string : Key;
type Renamed<Table extends OptionTable, Names> = {
  readonly [Key in keyof Table as NameOf<Key, Names>]: Table[Key];
};

/** The flag stays what it is in the room; the option's name, and its key in the config file, becomes another. */
export const renamed = <
  Table extends OptionTable,
  const Names extends Readonly<Partial<Record<string, string>>>,
>(
  table: Table,
  names: Names,
): Renamed<Table, Names> =>
  Object.fromEntries(
    Object.entries(table).map(([key, row]): [string, OptionRow<unknown>] => {
      const name = Object.hasOwn(names, key) ? names[key]! : key;
      return [name, name === key ? row : { ...row, flag: row.flag ?? nameToKebab(key) }];
    }),
  ) as Renamed<Table, Names>;
