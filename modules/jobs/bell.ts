/** Tells the worker to look for jobs now. Losing a ring loses nothing: the worker also looks by itself. */
export interface Bell {
  /** @param ring called for every ring; may be called too often, never in a wrong state */
  start(ring: () => void): Promise<void>;
  stop(): Promise<void>;
}

export const BELL = Symbol('Bell');
