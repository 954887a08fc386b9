const HERE = 'http://here.invalid';

/** A path of this site to go on to, read as a browser would read it; anything that leads elsewhere is the program. */
export function localPath(next: unknown): string {
  if (typeof next !== 'string' || !URL.canParse(next, HERE)) return '/partner-program';
  const url = new URL(next, HERE);
  return url.origin === HERE && !url.pathname.startsWith('//') ? url.pathname + url.search : '/partner-program';
}
