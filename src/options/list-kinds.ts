/** Kinds of options that are lists of names, or of names with weights. */
import type { ZodType } from "zod";
import { wordToSuggestion } from "../suggestion.ts";
import type { OptionKind, Zod } from "./kinds.ts";

/** The word for an empty list, which no flag could give otherwise. */
const NONE = "none";

const listToText = (list: readonly string[]): string => (list.length === 0 ? NONE : list.join(","));

/** `a,b` to its words, `none` to no words. */
const textToWords = (text: string): string[] =>
  text.trim() === NONE ? [] : [...new Set(text.split(",").map((word) => word.trim()))];

/** A name of a closed list; a word close to one is told so. */
const nameSchema = <Name extends string>({ z }: Zod, names: readonly Name[]): ZodType<Name, string> =>
  z.string().superRefine((word, context) => {
    if ((names as readonly string[]).includes(word)) return;
    const suggestion = wordToSuggestion(word, [...names, NONE]);
    const message = suggestion === undefined ? `Not among them: ${word}.` : `Did you mean ${suggestion}?`;
    context.addIssue({ code: "custom", message });
  }) as unknown as ZodType<Name, string>;

const wordsSchema = ({ z }: Zod) => z.string().transform(textToWords);

/** Names of a closed list separated by commas, `none`, or a JSON list of names. */
export function namesOf<const Name extends string>(names: readonly Name[]): OptionKind<readonly Name[]> {
  return {
    expects: `${names.join(", ")} or none`,
    schema: (zod) => {
      const { z } = zod;
      return z.union([wordsSchema(zod), z.array(z.string())]).pipe(z.array(nameSchema(zod, names)));
    },
    toText: listToText,
  };
}

/** A term of a loss, and its weight where that is not the term's own. */
export interface Term<Name extends string> {
  readonly name: Name;
  readonly weight?: number;
}

/** Terms by name separated by commas, `none`, or a JSON list of names or of `{ name, weight }`. */
export function termsOf<const Name extends string>(
  names: readonly Name[],
): OptionKind<readonly Term<Name>[]> {
  return {
    expects: `${names.join(", ")} or none`,
    schema: (zod) => {
      const { z } = zod;
      const term = z.object({ name: nameSchema(zod, names), weight: z.number().min(0).optional() });
      const given = z.union([z.string().transform((name) => ({ name })), z.object().loose()]);
      const words = wordsSchema(zod).transform((list) => list.map((name) => ({ name })));
      return z.union([words, z.array(given)]).pipe(z.array(term)) as unknown as ZodType<
        readonly Term<Name>[]
      >;
    },
    toText: (terms) => listToText(terms.map(({ name }) => name)),
  };
}
