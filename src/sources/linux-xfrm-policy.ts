import type { Source } from './source.ts';

/** Being written. */
export const linuxXfrmPolicy: Source = { id: 'linux-xfrm-policy', title: 'linux-xfrm-policy', parse: () => ({ facts: {}, problems: [] }) };
