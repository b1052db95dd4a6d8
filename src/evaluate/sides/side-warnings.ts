/** Warnings of one kind about several sides become one. */
import type { Warning } from "../../errors.ts";
import type { Role } from "../../math/role.ts";

const ABOUT_A_SIDE = /^(real|fake|heldOut): (.*)$/s;

/** A source's warnings, saying which side they are about. */
export const warningsOfSide = (role: Role, warnings: readonly Warning[]): Warning[] =>
  warnings.map((warning) => ({ ...warning, message: `${role}: ${warning.message}` }));

/** `6 of 8`, as warnings about single images begin, and the rest. */
const COUNTED = /^([\d,]+ of [\d,]+) (.*)$/s;

/** `real: 6 of 6, fake: 5 of 7 images are grey`: what is the same is said once. */
function joinMessages(messages: readonly (readonly [role: string, text: string])[]): string {
  const [[, first]] = messages;
  if (messages.every(([, text]) => text === first))
    return `${messages.map(([role]) => role).join(" and ")}: ${first}`;
  const counted = messages.map(([role, text]) => [role, ...(COUNTED.exec(text)?.slice(1) ?? [])]);
  const [, , rest] = counted[0];
  if (rest === undefined || counted.some(([, , other]) => other !== rest))
    return messages.map(([role, text]) => `${role}: ${text}`).join("; ");
  return `${counted.map(([role, count]) => `${role}: ${count}`).join(", ")} ${rest}`;
}

/** Keeps the order of the first of each kind. Warnings that are not about a side stay as they are. */
export function joinSides(warnings: readonly Warning[]): Warning[] {
  const kinds = new Map<string, { warning: Warning; messages: (readonly [string, string])[] }>();
  for (const [i, warning] of warnings.entries()) {
    const [, role, text] = ABOUT_A_SIDE.exec(warning.message) ?? [];
    const kind = role === undefined ? `${i}` : `${warning.code} ${warning.hint}`;
    const known = kinds.get(kind);
    if (known) known.messages.push([role!, text!]);
    else kinds.set(kind, { warning, messages: role === undefined ? [] : [[role, text!]] });
  }
  return [...kinds.values()].map(({ warning, messages }) =>
    messages.length < 2 ? warning : { ...warning, message: joinMessages(messages) },
  );
}
