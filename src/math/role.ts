/** Which set rows belong to. */

/** `heldOut` are real images that no generator was trained on. */
export const ROLES = ["real", "fake", "heldOut"] as const;
export type Role = (typeof ROLES)[number];
