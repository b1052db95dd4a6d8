/** One line of the table. */
import { isSweep, type Row, type RunColumn, rowToStatus } from "./run-columns.ts";

interface LineProps {
  readonly row: Row;
  /** Of its name what is not said again. */
  readonly prefix: string;
  readonly columns: readonly RunColumn[];
  readonly isSelected: boolean;
  readonly isHidden: boolean;
  readonly canStop: boolean;
  readonly onSelect: (row: Row) => void;
  readonly onHide: (row: Row) => void;
  readonly onStop: (row: Row) => void;
}

const rowToAddress = (row: Row): string => `#${isSweep(row) ? "sweep" : "run"}=${row.id}`;

function Cell({ row, column, prefix }: Pick<LineProps, "row" | "prefix"> & { readonly column: RunColumn }) {
  const { id, title, toText, toShare, toClass } = column;
  if (id === "name")
    return (
      <th scope="row">
        <a href={rowToAddress(row)}>
          {row.name.startsWith(prefix) ? row.name.slice(prefix.length) : row.name}
        </a>
      </th>
    );
  const text = toText(row);
  return (
    <td class={`${id.split(" ")[0]}${text === "" ? " empty" : ""}`} data-title={title}>
      <span class={toClass?.(row)}>{text}</span>
      {toShare && <progress max={1} value={toShare(row)} aria-hidden="true" />}
    </td>
  );
}

export function RunLine({
  row,
  prefix,
  columns,
  isSelected,
  isHidden,
  canStop,
  onSelect,
  onHide,
  onStop,
}: LineProps) {
  const failure = isSweep(row) ? "" : (row.failure ?? "");
  const isRunning = rowToStatus(row) === "running";
  return (
    <tr
      data-id={row.id}
      class={`${isSweep(row) ? "sweep" : "run"} is-${rowToStatus(row)}${isHidden ? " is-hidden" : ""}`}
      title={failure}
    >
      <td class="select">
        {!isSweep(row) && (
          <input
            type="checkbox"
            aria-label={`compare ${row.name}`}
            checked={isSelected}
            onChange={() => onSelect(row)}
          />
        )}
      </td>
      {columns.map((column) => (
        <Cell key={column.id} row={row} column={column} prefix={prefix} />
      ))}
      <td class="actions">
        {canStop && isRunning && (
          <button type="button" class="small" aria-label={`stop ${row.name}`} onClick={() => onStop(row)}>
            stop
          </button>
        )}
        <button
          type="button"
          class="small"
          aria-label={`${isHidden ? "show" : "hide"} ${row.name}`}
          onClick={() => onHide(row)}
        >
          {isHidden ? "show" : "hide"}
        </button>
      </td>
    </tr>
  );
}
