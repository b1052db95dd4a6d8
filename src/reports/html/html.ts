/** HTML from templates: what is put into one is escaped, unless it is such HTML itself. */
import { textToVisible } from "../page.ts";

/** Text that is HTML already. Only `html` and `trustedHtml` make it. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Text for elements and for attributes in quotation marks; control characters are shown, those that reorder a line too. */
export const textToHtml = (text: string): string =>
  textToVisible(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character]);

function valueToHtml(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(valueToHtml).join("");
  return textToHtml(String(value));
}

/** `` html`<b>${name}</b>` ``: values stand in elements, or in attributes between quotation marks. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.map((part, i) => (i === 0 ? part : valueToHtml(values[i - 1]) + part)).join(""));
}

/** For the page's own script and style, and for what was escaped in another way. */
export const trustedHtml = (text: string): Html => new Html(text);

const UNSAFE_IN_SCRIPTS = /[<>\u2028\u2029]/g;

/** JSON that may lie in a script element: no `<` can end it or begin another. */
export const valueToScriptJson = (value: unknown): Html =>
  trustedHtml(
    JSON.stringify(value).replace(
      UNSAFE_IN_SCRIPTS,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
