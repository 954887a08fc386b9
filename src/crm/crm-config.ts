import type { Config } from '../config';

/** The part of the configuration that the CRM itself needs. */
export type CrmConfig = Pick<Config, 'publicUrl' | 'smtpUrl' | 'sessionSecret' | 'production'>;
export const CRM_CONFIG = Symbol('CrmConfig');
