import type { ChildAssociation, SecurityAssociation } from '../facts/client.ts';
import { type Address, parseAddress } from '../net/address.ts';

/** A security association under construction. */
export interface AssociationDraft {
  readonly name: string;
  readonly ike: { -readonly [Key in keyof SecurityAssociation['ike']]: SecurityAssociation['ike'][Key] };
  readonly children: { -readonly [Key in keyof ChildAssociation]: ChildAssociation[Key] }[];
  readonly origin: SecurityAssociation['origin'];
}

export function newAssociation(name: string, state: string, origin: SecurityAssociation['origin']): AssociationDraft {
  return { name, ike: { state, localHost: null, remoteHost: null, virtualAddresses: [] }, children: [], origin };
}

/** Every address of a text, in its order; `[4500]` and `%any` are none. */
export function addressesIn(text: string): readonly Address[] {
  return text.split(/[\s[\],]+/).flatMap((word) => parseAddress(word.replace(/%.*$/, '')) ?? []);
}
