/** All that a page does beyond being read. Text goes into the page as text alone. */
import { openChart } from "./charts.js";
import { data, find, findAll, isDark, query, redraws, root } from "./context.js";
import { CSV_HEADING, chartToRows, download, rowsToCsv } from "./downloads.js";
import { openSamples } from "./sliders.js";
import { openSorting } from "./tables.js";
import { openToy } from "./toy.js";

root.classList.add("scripted");
for (const still of findAll("[data-scriptless]")) still.hidden = true;
for (const drawing of findAll(".drawing, [data-toy] canvas")) drawing.hidden = false;
const redraw = () => {
  for (const draw of redraws) draw();
};
const toggle = document.getElementById("theme");
const nameToggle = () => {
  toggle.textContent = isDark() ? "light" : "dark";
  toggle.setAttribute("aria-label", `Switch to ${isDark() ? "light" : "dark"} colours`);
};
toggle.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  nameToggle();
  redraw();
});
query.addEventListener("change", () => {
  nameToggle();
  redraw();
});
nameToggle();

for (const figure of findAll("figure[data-chart]")) openChart(figure);
for (const section of findAll("[data-samples]")) openSamples(section);
for (const section of findAll("[data-toy]")) openToy(section);
for (const table of findAll("table[data-sortable]")) openSorting(table);
for (const button of findAll("[data-do=copy]"))
  button.addEventListener("click", async () => {
    const text = find("code", button.closest("div")).textContent;
    await navigator.clipboard?.writeText(text).catch(() => {});
    button.textContent = "copied";
    setTimeout(() => {
      button.textContent = "copy";
    }, 1500);
  });
find("[data-do=all-json]")?.addEventListener("click", () => {
  const { palettes: _palettes, toy: _toy, ...rest } = data;
  download("report.json", JSON.stringify(rest, null, 1), "application/json");
});
find("[data-do=all-csv]")?.addEventListener("click", () =>
  download("report.csv", rowsToCsv([CSV_HEADING, ...data.charts.flatMap(chartToRows)]), "text/csv"),
);

let wasDark;
window.addEventListener("beforeprint", () => {
  wasDark = root.dataset.theme;
  root.dataset.theme = "light";
  redraw();
  for (const details of findAll("details")) details.open = true;
});
window.addEventListener("afterprint", () => {
  if (wasDark === undefined) delete root.dataset.theme;
  else root.dataset.theme = wasDark;
  redraw();
});
