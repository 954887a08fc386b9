/** Wakes the worker when there are jobs. A lost wake-up loses nothing: the worker also looks by itself, every second. */
export interface WakeSource {
  /** @param wake called at every commit with new jobs; may be called too often, never in a wrong state */
  start(wake: () => void): Promise<void>;
  stop(): Promise<void>;
}

export const WAKE_SOURCE = Symbol('WakeSource');
