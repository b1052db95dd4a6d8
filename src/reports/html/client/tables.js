/** Tables that sort. */
import { findAll } from "./context.js";

/** Sorts by the column of a heading: numbers as such, nothing last; the other way round when it is sorted so already. */
export function openSorting(table) {
  const headings = findAll("thead th", table);
  for (const [column, heading] of headings.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const isUp = heading.getAttribute("aria-sort") === "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", isUp ? "descending" : "ascending");
      const toKey = (row) => row.cells[column].textContent.trim();
      const toNumber = (text) => Number.parseFloat(text.replaceAll(",", ""));
      const compare = (a, b) => {
        const [x, y] = [toKey(a), toKey(b)];
        if ((x === "") !== (y === "")) return x === "" ? 1 : -1;
        const [m, n] = [toNumber(x), toNumber(y)];
        const order = Number.isNaN(m) || Number.isNaN(n) ? x.localeCompare(y) : m - n;
        return isUp ? -order : order;
      };
      const body = table.tBodies[0];
      body.append(...[...body.rows].sort(compare));
    });
  }
}
