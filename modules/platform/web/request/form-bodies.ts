const bodies = new WeakSet<object>();

/** Keeps in mind that a body came from an HTML form, which also sends names of buttons and fields of its page. */
export function markForm(body: unknown): void {
  if (typeof body === 'object' && body !== null) bodies.add(body);
}

export function isFromForm(body: unknown): boolean {
  return typeof body === 'object' && body !== null && bodies.has(body);
}
