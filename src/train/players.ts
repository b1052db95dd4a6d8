/** The two players of a game. */

export const NETWORK_ROLES = ["generator", "discriminator"] as const;
export type NetworkRole = (typeof NETWORK_ROLES)[number];
