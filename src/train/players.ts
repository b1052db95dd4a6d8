/** The two players of a game. */
export const PLAYERS = ["generator", "discriminator"] as const;
export type PlayerName = (typeof PLAYERS)[number];
