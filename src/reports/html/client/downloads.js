/** Files that the page hands out: what it shows, as CSV and JSON. */

export function download(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** RFC 4180; spreadsheets run text that starts like a formula: an apostrophe keeps it text. */
function cellToCsv(cell) {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
export const rowsToCsv = (rows) => rows.map((row) => `${row.map(cellToCsv).join(",")}\r\n`).join("");

/** One row a point: the series, the point's name where it has one, x and y. */
export const chartToRows = ({ id, config }) =>
  config.datasets.flatMap(({ label, data: points, names }) =>
    points.map((point, i) => {
      const [x, y] = Array.isArray(point) ? point : [config.labels?.[i] ?? i, point];
      return [id, label, names?.[i] ?? "", x, y];
    }),
  );
export const CSV_HEADING = ["chart", "series", "name", "x", "y"];
export const chartToCsv = (chart) => rowsToCsv([CSV_HEADING, ...chartToRows(chart)]);
