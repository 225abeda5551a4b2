/** One `--set RESOURCE.PROPERTY=VALUE`, as written. */
export interface Change {
  readonly text: string;
  /** A name, `VNET/PEERING`, or a full resource id. */
  readonly resource: string;
  readonly property: string;
  /** `=` replaces, `+=` adds to a list, `-=` takes from it. */
  readonly how: 'set' | 'add' | 'remove';
  readonly value: string;
}

/** The change a text asks for; undefined where it is no `RESOURCE.PROPERTY=VALUE`. Names and ids may hold dots: the last one counts. */
export function parseChange(text: string): Change | undefined {
  const [, left = '', sign = '', value = ''] = /^(.+?)([+-]?)=(.*)$/s.exec(text) ?? [];
  const dot = left.lastIndexOf('.');
  const property = left.slice(dot + 1).trim();
  const resource = left.slice(0, Math.max(dot, 0)).trim();
  // A dot inside an id, as in Microsoft.Network/virtualNetworks/hub, ends no resource.
  if (resource === '' || !/^\w+$/.test(property)) return undefined;
  const how = { '': 'set', '+': 'add', '-': 'remove' }[sign] as Change['how'];
  return { text, resource, property, how, value: value.trim() };
}

/** Why a change cannot be made: `azure` would refuse it, or onlink does not understand it. */
export interface Refusal {
  readonly by: 'azure' | 'onlink';
  readonly why: string;
}

/** What a change does to one resource, for the record. */
export interface Effect {
  readonly resource: string;
  readonly property: string;
  readonly from: string;
  readonly to: string;
  /** The kind of property: decides who is disturbed and which clients need what. */
  readonly kind: 'offer' | 'custom-routes' | 'pool' | 'protocols' | 'way-back' | 'filter' | 'branches';
}

export const refused = (by: Refusal['by'], why: string): Refusal => ({ by, why });

export const isRefusal = (result: object): result is Refusal => 'why' in result;
