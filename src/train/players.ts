/** The two roles of networks in a model: who makes, and who judges. */

export const NETWORK_ROLES = ["generator", "discriminator"] as const;
export type NetworkRole = (typeof NETWORK_ROLES)[number];
