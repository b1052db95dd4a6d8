/** What the parts of a page's script share: its data, its elements, its colours. */

export const data = JSON.parse(document.getElementById("report-data").textContent);
export const root = document.documentElement;
export const query = window.matchMedia("(prefers-color-scheme: dark)");
export const find = (selector, within = document) => within.querySelector(selector);
export const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

export const isDark = () => (root.dataset.theme ?? (query.matches ? "dark" : "light")) === "dark";
export const paletteOf = (dark = isDark()) => data.palettes[dark ? "dark" : "light"];
/** Drawn again when the colours change. */
export const redraws = [];
