/** Where the program stands on the host's address. */
export const BASE = '/partner-program';
