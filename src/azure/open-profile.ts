import { decodeText } from '../sources/decode.ts';
import { readProfileZip } from '../sources/profile-zip.ts';

// <serversecret>…</serversecret>, <RadiusSharedSecret>…</RadiusSharedSecret>
const secretElement = /(<([\w:]*(?:secret|password|privatekey)[\w:]*)[^>]*>)[^<]*(<\/\2>)/gi;

/**
 * The one file of a generated package that lists the routes Azure gives out. OpenVPN profiles list none: theirs come
 * at connect, so a package with nothing else says nothing about routes.
 */
export function openIssuedPackage(zip: Uint8Array): readonly { readonly source: string; readonly bytes: Uint8Array }[] {
  const { entries } = readProfileZip(zip);
  return entries
    .filter(({ name }) => /(^|\/)VpnSettings\.xml$/i.test(name))
    .map(({ bytes }) => ({ source: 'vpn-settings-xml', bytes: withoutSecrets(bytes) }));
}

function withoutSecrets(bytes: Uint8Array): Uint8Array {
  const { text } = decodeText(bytes);
  const clean = text.replaceAll(secretElement, '$1***$3');
  return clean === text ? bytes : new TextEncoder().encode(clean);
}
