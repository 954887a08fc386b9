/** Where it may stand who brought a contract: named on it, by an approved link of its client, by who sold it. @see P20 */
export const ATTRIBUTION_SOURCES = ['contract', 'clientLink', 'seller'] as const;
export type AttributionSource = (typeof ATTRIBUTION_SOURCES)[number];
