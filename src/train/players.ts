/** The two roles of networks in a model: who makes, and who judges. */

export const NETWORK_ROLES = ["generator", "discriminator"] as const;
export type NetworkRole = (typeof NETWORK_ROLES)[number];

/** Whether a run is of one generator and one discriminator: of any other, its description says who plays. */
export const isOfPair = ({ scheme }: { readonly scheme?: object | undefined }): boolean =>
  scheme === undefined;
