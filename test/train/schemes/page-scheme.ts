/** The example of docs/schemes.md: as a description, and as the text of a module that needs no import. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { tf } from "../../../src/engine.ts";
import { network, type OwnScheme, player, scheme, terms } from "../../../src/train.ts";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../../docs/schemes.md"), "utf8");

export const PAGE_CODE = /```js\n([\s\S]*?)```/.exec(PAGE)![1];
/** By the name of their files. */
export const PAGE_PROGRAMS = new Map(
  [...PAGE.matchAll(/^```js program=(\S+)\n([\s\S]*?)^```$/gm)].map(([, name, text]) => [name, text]),
);

const BODY = PAGE_CODE.replace(/^import .*$/gm, "").replace("export default", "return");

/** Made of the sources, as a program makes it of the package. */
export const pageScheme = (): OwnScheme =>
  new Function("tf", "network", "player", "scheme", "terms", BODY)(tf, network, player, scheme, terms);

export const PAGE_MODULE = `export default ({ tf, network, player, terms }) => {
  const scheme = (given) => given;
  ${BODY}
};
`;
