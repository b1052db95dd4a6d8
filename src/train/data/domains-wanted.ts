/** What a model's data can be. */

/**
 * - `images`: one domain, field `a` (and `labels` where classes are read)
 * - `pairs`: `a` and `b` of a row belong together
 * - `domains`: `a` and `b` of a row are drawn independently
 * - `attributes`: one domain, fields `a` and `attributes`
 */
export type DomainsWanted = "images" | "pairs" | "domains" | "attributes";
