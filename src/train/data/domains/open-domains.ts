/** What a model of one or more domains is trained on, opened. */
import { stat } from "node:fs/promises";
import { GanEvalError } from "../../../errors.ts";
import { unlessForbidden } from "../../../files/forbidden.ts";
import { wordToSuggestion } from "../../../suggestion.ts";
import { DRAWN_DOMAINS, isDrawn } from "./drawn-domains.ts";
import { openFileDomains } from "./file-domains.ts";
import { openDrawn } from "./open-drawn.ts";
import type { DomainRequest, OpenedDomains } from "./scheme-data.ts";

export type { DomainRequest, Fields, HeldOutFields, OpenedDomains, SchemeData } from "./scheme-data.ts";

/** Every name that stands for domains by itself. */
export const DRAWN_NAMES: readonly string[] = Object.keys(DRAWN_DOMAINS);

/**
 * Opens training data of a model: drawn domains by name, or images wherever `openImages` finds them, paired as
 * `findDomains` says.
 *
 * Images are held as bytes at their load size where all of them fit `memory`, and read from disk batch by batch elsewhere;
 * the batches are the same. Images of other sizes are resized to cover theirs, and their middle is used.
 *
 * @throws GanEvalError `usage.img-size`, `usage.load-size`, `usage.channels`, `usage.limit`, `usage.held-out`,
 *   `usage.pairs`, `usage.selected`, `usage.scale`, `usage.data`, `usage.data-option`, `usage.conflicting-option`;
 *   `input.missing-domain`, `input.unmatched-pairs`, `input.pair-size`, `input.too-few-images`, `input.attributes`,
 *   `input.unmatched-attributes`, `input.no-classes`, `input.mixed-sizes`; what opening and reading images throws
 */
export async function openDomains(request: DomainRequest): Promise<OpenedDomains> {
  const { data } = request;
  if (isDrawn(data)) return openDrawn(data, request);
  if (data.startsWith("drawn-") && !(await stat(data).catch(unlessForbidden(undefined)))) {
    const suggestion = wordToSuggestion(data, DRAWN_NAMES);
    throw new GanEvalError(
      "usage.data",
      `expected a file, a folder, or one of ${DRAWN_NAMES.join(", ")} as data, got ${data}`,
      { hint: suggestion ? `Did you mean ${suggestion}?` : "Check the path." },
    );
  }
  return openFileDomains(request);
}
