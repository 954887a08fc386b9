/** A rule that must hold at every moment between transactions; its SQL answers the rows that break it. */
export interface IntegrityCheck {
  /** As in the catalogue of invariants; names the translation `integrity.<id>` too. */
  readonly id: string;
  readonly what: string;
  readonly sql: string;
}

/** Of the ledger, the data, the tree, and what follows from faults: the catalogue's order, whatever else comes behind. */
const GROUPS = ['L', 'D', 'T', 'F'];

/** @returns the checks in the order of the catalogue, whichever room registered first */
export function inCatalogueOrder(checks: readonly IntegrityCheck[]): IntegrityCheck[] {
  return checks.toSorted((a, b) => {
    const [groupA, numberA] = placeOf(a);
    const [groupB, numberB] = placeOf(b);
    return groupA - groupB || numberA - numberB;
  });
}

function placeOf({ id }: IntegrityCheck): [group: number, number: number] {
  const [, letters, digits] = /^([A-Z]{1,8})(\d{1,4})$/.exec(id) ?? [];
  const group = GROUPS.indexOf(letters ?? id);
  return [group < 0 ? GROUPS.length : group, Number(digits ?? 0)];
}
