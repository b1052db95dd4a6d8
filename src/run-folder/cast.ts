/** Who plays in a run, and how its columns are called: of a generator and a discriminator, or of a scheme's networks. */
import { NETWORK_ROLES, type NetworkRole } from "../train/players.ts";
import { nameToColumn } from "../train/round-record.ts";
import type { RunDescription } from "./description.ts";

export interface CastPlayer {
  readonly name: string;
  readonly role: NetworkRole;
  /** Its columns begin with it: `generator` of `generator_loss`. */
  readonly column: string;
  /** As `layers.csv` calls them. */
  readonly networks: readonly string[];
}

export interface CastJudge {
  readonly name: string;
  /** The column of its player. */
  readonly player: string;
  /** In front of `real_score` and the like: empty of the only one. */
  readonly prefix: string;
  /** Whether its logits are those of a probability; undefined where the run's loss says it. */
  readonly isProbability?: boolean;
  /** Its player minimises more than the discriminator's loss. */
  readonly hasMoreTerms: boolean;
  /** ` of discriminator-a`, for names of values; empty of the only one. */
  readonly of: string;
}

export interface CastMaker {
  readonly name: string;
  readonly label: string;
  /** In front of its columns of scores.csv and signals.csv: empty of the only one. */
  readonly prefix: string;
  /** The field of images that it starts from, if it does. */
  readonly source?: string;
}

export interface Cast {
  readonly players: readonly CastPlayer[];
  readonly judges: readonly CastJudge[];
  /** Terms with a column of their own; none of a generator and a discriminator. */
  readonly terms: readonly { readonly name: string; readonly column: string }[];
  readonly makers: readonly CastMaker[];
}

const PAIR: Cast = {
  players: NETWORK_ROLES.map((name) => ({ name, role: name, column: name, networks: [name] })),
  judges: [{ name: "discriminator", player: "discriminator", prefix: "", hasMoreTerms: false, of: "" }],
  terms: [],
  makers: [],
};

/** Runs of a generator and a discriminator, and those of earlier versions, say nothing of it. */
export function descriptionToCast({ scheme }: Pick<RunDescription, "scheme">): Cast {
  if (scheme === undefined) return PAIR;
  const { players, discriminators, terms, makers } = scheme;
  const isOne = discriminators.length === 1;
  return {
    players: Object.entries(players).map(([name, { role, networks }]) => ({
      name,
      role,
      column: nameToColumn(name),
      networks,
    })),
    judges: discriminators.map(({ name, player, isProbability }) => ({
      name,
      player: nameToColumn(player),
      prefix: isOne ? "" : `${nameToColumn(name)}_`,
      isProbability,
      hasMoreTerms:
        terms.some(({ trains }) => trains.includes(player)) ||
        discriminators.filter((other) => other.player === player).length > 1,
      of: isOne ? "" : ` of ${name}`,
    })),
    terms: terms.map(({ name }) => ({ name, column: nameToColumn(name) })),
    makers: makers.map(({ name, label, source }) => ({
      name,
      label,
      prefix: makers.length === 1 ? "" : `${nameToColumn(name)}_`,
      ...(source !== undefined && { source }),
    })),
  };
}

/** A column of scores.csv by its maker and value: `a_to_b_`, `l1` and `, a-to-b` of `a_to_b_l1`. */
export function columnToScore(
  { makers }: Cast,
  column: string,
): { readonly prefix: string; readonly key: string; readonly of: string } {
  const maker = makers.find(({ prefix }) => prefix !== "" && column.startsWith(prefix));
  if (maker === undefined) return { prefix: "", key: column, of: "" };
  return { prefix: maker.prefix, key: column.slice(maker.prefix.length), of: `, ${maker.name}` };
}
