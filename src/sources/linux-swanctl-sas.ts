import type { Source } from './source.ts';

/** Being written. */
export const linuxSwanctlSas: Source = { id: 'linux-swanctl-sas', title: 'linux-swanctl-sas', parse: () => ({ facts: {}, problems: [] }) };
