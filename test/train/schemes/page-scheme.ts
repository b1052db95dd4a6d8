/** The example of docs/schemes.md as an object, and as the text of a module that needs no import. */
import { tf } from "../../../src/engine.ts";
import { network, type OwnScheme, player, scheme, terms } from "../../../src/train.ts";
import { PAGE_CODE } from "./schemes-page.ts";

const BODY = PAGE_CODE.replace(/^import .*$/gm, "").replace("export default", "return");

/** Made of the sources, as a program makes it of the package. */
export const pageScheme = (): OwnScheme =>
  new Function("tf", "network", "player", "scheme", "terms", BODY)(tf, network, player, scheme, terms);

export const PAGE_MODULE = `export default ({ tf, network, player, terms }) => {
  const scheme = (given) => given;
  ${BODY}
};
`;
