import { randomBytes } from 'node:crypto';
import type { Artifact, Capture } from '../facts/capture.ts';
import { type Address, formatAddress, parseAddress } from '../net/address.ts';
import { lengthOfMask, type Prefix, parseLoosePrefix, prefixAround } from '../net/prefix.ts';
import { decodeText } from '../sources/decode.ts';
import { leastTelling } from './redact-addresses.ts';
import { hasChosenNames, namesIn } from './redact-names.ts';
import { type Renaming, renamed } from './redact-text.ts';

export interface RedactOptions {
  /** Private addresses too, not only public ones. */
  readonly addresses?: boolean;
  /** The same key gives the same names. Absent: one nobody knows, used once. */
  readonly key?: string;
}

/** A capture under other names, and how any text about the original is put into the same names. */
export interface Redaction {
  readonly capture: Capture;
  readonly mapText: (text: string) => string;
}

/** Replaces names, ids, users, hosts, hardware and public addresses throughout a capture, alike in every artifact. */
export function redact(
  capture: Capture,
  { addresses = false, key = randomBytes(32).toString('hex') }: RedactOptions = {},
): Redaction {
  const texts = capture.artifacts.map((artifact) => ({ artifact, text: textOf(artifact) }));
  const prefixes = texts.flatMap(({ text }) => prefixesIn(text));
  const renaming: Renaming = {
    key,
    address: leastTelling(key, new Set(texts.flatMap(({ text }) => addressesIn(text))), prefixes, addresses),
    names: namesIn(texts),
  };
  const mapText = (text: string) => renamed(text, renaming);
  return {
    mapText,
    capture: {
      ...capture,
      artifacts: texts.map(({ artifact, text }) => redacted(artifact, text, renaming)),
      ...(capture.notes !== undefined && { notes: capture.notes.map(mapText) }),
      ...(capture.request !== undefined && { request: redactedRequest(capture.request, renaming) }),
    },
  };
}

function textOf({ outcome, encoding }: Artifact): string {
  if (outcome.kind === 'unanswered') return outcome.message;
  try {
    return decodeText(outcome.bytes, encoding).text;
  } catch {
    return Buffer.from(outcome.bytes).toString('latin1');
  }
}

function redacted(artifact: Artifact, text: string, renaming: Renaming): Artifact {
  const { encoding: _, outcome, ...rest } = artifact;
  const told = (words: string) => renamed(words, renaming, hasChosenNames(artifact));
  const written = withoutCertificates(
    artifact.source === 'linux-proc-route'
      ? hexRenamed(text, renaming)
      : bookRenamed(valuesRenamed(text, told), renaming),
  );
  return {
    ...rest,
    id: told(rest.id),
    ...(rest.argv !== undefined && { argv: rest.argv.map(told) }),
    ...(rest.target !== undefined && { target: told(rest.target) }),
    ...(rest.resource !== undefined && { resource: told(rest.resource) }),
    ...(rest.stderr !== undefined && { stderr: told(rest.stderr) }),
    outcome:
      outcome.kind === 'unanswered'
        ? { ...outcome, message: written }
        : { ...outcome, bytes: new TextEncoder().encode(written) },
  };
}

function redactedRequest(
  request: NonNullable<Capture['request']>,
  renaming: Renaming,
): NonNullable<Capture['request']> {
  const { gateway, gatewayName, resourceGroup, targets, ...rest } = request;
  return {
    ...rest,
    ...(gateway !== undefined && { gateway: renamed(gateway, renaming) }),
    ...(gatewayName !== undefined && { gatewayName: renamed(gatewayName, renaming) }),
    ...(resourceGroup !== undefined && { resourceGroup: renamed(resourceGroup, renaming) }),
    ...(targets !== undefined && { targets: targets.map(renaming.address) }),
  };
}

// In JSON the values are renamed and the keys are not: a VNet may be called "name". Layout and order stay.
function valuesRenamed(text: string, told: (words: string) => string): string {
  if (!/^\s*[[{]\s*["[{\]}]/.test(text)) return told(text);
  return text.replace(/"((?:[^"\\]|\\.)*)"(\s*:)?/g, (whole, inner: string, colon: string | undefined) => {
    // An identity's resource id may be a key.
    if (colon !== undefined && !inner.includes('/')) return whole;
    const value = unescaped(inner);
    const renamedValue = told(value);
    return renamedValue === value ? whole : `${JSON.stringify(renamedValue)}${colon ?? ''}`;
  });
}

function unescaped(inner: string): string {
  try {
    return JSON.parse(`"${inner}"`);
  } catch {
    return inner;
  }
}

// eth0 0032A8C0 00000000 …: the kernel prints the bytes of an address in the order of a little-endian number.
function hexRenamed(text: string, { address }: Renaming): string {
  return text.replace(/(?<=\t)[0-9A-F]{8}(?=\t)/g, (hex) => reversed(mappedHex(reversed(hex), address).toUpperCase()));
}

// Routes=02000000 0a010000 00…00 10000000 of a phonebook: family, port, address, rest, length.
function bookRenamed(text: string, { address }: Renaming): string {
  return text.replace(/(02000000)([0-9a-f]{8})(?=0{40}[0-9a-f]{2}000000)/gi, (_, start, hex: string) => {
    const written = mappedHex(hex, address);
    return start + (hex === hex.toUpperCase() ? written.toUpperCase() : written);
  });
}

function mappedHex(hex: string, address: Renaming['address']): string {
  const found = parseAddress(dottedOf(hex));
  if (found === undefined) return hex;
  return formatAddress(address(found))
    .split('.')
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('');
}

function reversed(hex: string): string {
  return (hex.match(/../g) ?? []).reverse().join('');
}

function dottedOf(hex: string): string {
  return (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.');
}

// A certificate names its owner and issuer in a form no pattern sees.
function withoutCertificates(text: string): string {
  return text
    .replace(
      /(-----BEGIN CERTIFICATE-----)([\s\S]*?)(-----END CERTIFICATE-----)/g,
      (_, begin, body: string, end) => begin + masked(body) + end,
    )
    .replace(/("(?:publicCertData|certData|CaCert|x509Certificate)"\s*:\s*")[^"]+/gi, '$1***')
    .replace(
      /(<(?:\w+:)?(?:CaCert|RootCert|ServerRootCert|cert|ca|data)>)([^<>]*)(?=<\/)/gi,
      (_, open, body: string) => open + masked(body),
    );
}

function masked(body: string): string {
  return body.replace(/[^\r\n]*\S[^\r\n]*/g, '***');
}

function addressesIn(text: string): readonly Address[] {
  const written =
    text.match(/(?<![\w.:-])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]*)(?![\w:-])/gi) ?? [];
  return written.flatMap((one) => parseAddress(one) ?? []);
}

// 10.1.0.0/16 · 10.1.0.0 255.255.0.0 · ADD 10.1.0.0 MASK 255.255.0.0 · fd00::/8
function prefixesIn(text: string): readonly Prefix[] {
  const slashed = [...text.matchAll(/[0-9a-f.:]{2,45}\/\d{1,3}(?![\d/.])/gi)].flatMap(
    ([found]) => parseLoosePrefix(found)?.prefix ?? [],
  );
  const withMasks = text.matchAll(
    /(\d{1,3}(?:\.\d{1,3}){3})[\s,"]+(?:mask\s+)?((?:255|254|252|248|240|224|192|128|0)(?:\.\d{1,3}){3})(?![\d.])/gi,
  );
  const masks = [...withMasks].flatMap(([, first = '', mask = '']) => {
    const [address, bits] = [parseAddress(first), parseAddress(mask)];
    const length = bits === undefined ? undefined : lengthOfMask(bits);
    return address === undefined || length === undefined ? [] : [prefixAround(address, length)];
  });
  const booked = [...text.matchAll(/02000000([0-9a-f]{8})0{40}([0-9a-f]{2})000000/gi)].flatMap(
    ([, hex = '', length = '']) => {
      const address = parseAddress(dottedOf(hex));
      return address === undefined ? [] : [prefixAround(address, Math.min(32, Number.parseInt(length, 16)))];
    },
  );
  return [...slashed, ...masks, ...booked];
}
