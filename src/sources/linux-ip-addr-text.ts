import type { Interface, InterfaceAddress } from '../facts/client.ts';
import type { Problem } from '../facts/origin.ts';
import { parseLoosePrefix } from '../net/prefix.ts';
import { carriesNetwork, isUp, xfrmIdOf } from './linux-link.ts';
import { isPrompt } from './linux-prompt.ts';
import { deviceName } from './linux-route-words.ts';
import { lineOrigin, type Reading, type ReadingContext } from './source.ts';

interface Block {
  readonly name: string;
  readonly index: number | null;
  readonly line: number;
  readonly flags: readonly string[] | undefined;
  readonly state: string | undefined;
  readonly master: string | undefined;
  linkType: string | undefined;
  mac: string | undefined;
  kind: string | undefined;
  mode: string | undefined;
  xfrmId: string | undefined;
  readonly addresses: InterfaceAddress[];
}

/** Reads `ip addr`, with `-d`, `-o` or `-br`. */
export function readIpAddrText(text: string, context: ReadingContext): Reading {
  const blocks: Block[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const why = readLine(blocks, line.trimEnd(), index + 1);
    if (why !== undefined)
      problems.push({ origin: lineOrigin(context, index + 1), text: line.trim().slice(0, 300), why });
  }
  const interfaces = blocks.filter(({ name }) => name !== '').map((block) => interfaceOf(block, context));
  return { facts: interfaces.length === 0 && problems.length > 0 ? {} : { interfaces }, problems };
}

// 2: wlan0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UP group default qlen 1000
const header = /^(\d+):\s+(\S+):\s+<([^>]*)>(.*)$/;
// 3: tun0    inet 172.16.50.2/24 scope global tun0\       valid_lft forever preferred_lft forever
const oneLine = /^(\d+):\s+(\S+)\s+(inet6?\s.*)$/;
// tun0             UNKNOWN        172.16.50.2/24 fe80::fa50:be34:651b:1f30/64
const brief = /^(\S+)\s+(UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT|NOTPRESENT|TESTING)((?:\s+\S+)*)$/;

/** Why a line was not understood. */
function readLine(blocks: Block[], line: string, at: number): string | undefined {
  if (line === '') return undefined;
  const head = header.exec(line);
  if (head !== null) {
    blocks.push(blockOf(head, at));
    return undefined;
  }
  const [single, short] = [oneLine.exec(line), brief.exec(line)];
  if (single !== null) return readAddress(blockNamed(blocks, single[2] ?? '', Number(single[1]), at), single[3] ?? '');
  if (short !== null) return readBrief(blocks, short, at);
  const block = blocks.at(-1);
  if (/^\s/.test(line) && block !== undefined && block.name !== '') return readDetail(block, line.trim());
  if (isPrompt(line)) return undefined;
  // What stands below a head that was not understood belongs to no interface that was.
  blocks.push(emptyBlock('', null, at));
  return 'not a line of `ip addr`';
}

function blockOf(head: RegExpExecArray, line: number): Block {
  const [, index, name = '', flags = '', rest = ''] = head;
  return {
    ...emptyBlock(deviceName(name), Number(index), line),
    flags: flags.split(','),
    master: /\smaster (\S+)/.exec(rest)?.[1],
    state: /\sstate (\S+)/.exec(rest)?.[1],
  };
}

function emptyBlock(name: string, index: number | null, line: number): Block {
  const nothing = { linkType: undefined, mac: undefined, kind: undefined, mode: undefined, xfrmId: undefined };
  return { name, index, line, flags: undefined, state: undefined, master: undefined, ...nothing, addresses: [] };
}

function blockNamed(blocks: Block[], text: string, index: number, line: number): Block {
  const name = deviceName(text);
  const known = blocks.find((block) => block.name === name);
  if (known !== undefined) return known;
  const block = emptyBlock(name, index, line);
  blocks.push(block);
  return block;
}

function readBrief(
  blocks: Block[],
  [, name = '', state = '', rest = '']: RegExpExecArray,
  line: number,
): string | undefined {
  const block: Block = { ...emptyBlock(deviceName(name), null, line), state };
  blocks.push(block);
  let wrong: string | undefined;
  // `10.8.0.6 peer 10.8.0.5/32` are one address and its far end; `10.0.0.4/24 metric 100` has that of its route.
  for (const [, address = ''] of rest.matchAll(/(\S+(?:\s+peer\s+\S+)?)(?:\s+metric\s+\d+)?/g)) {
    const isOfLink = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(address) || /^<.*>$/.test(address);
    if (!isOfLink) wrong = readAddress(block, `inet ${address}`) ?? wrong;
  }
  return wrong;
}

//     inet 10.8.0.6 peer 10.8.0.5/32 scope global tun9
//     link/ether 7a:b6:37:26:77:8e brd ff:ff:ff:ff:ff:ff
//     tun type tun pi off vnet_hdr off persist on
function readDetail(block: Block, text: string): string | undefined {
  const words = text.split(/\s+/);
  const [first = '', second, third] = words;
  if (first === 'inet' || first === 'inet6') return readAddress(block, text);
  if (first.startsWith('link/')) {
    block.linkType = first.slice('link/'.length);
    if (block.linkType === 'ether' && second !== undefined) block.mac = second;
  } else if (block.linkType !== undefined && block.kind === undefined && isKind(block, first)) {
    block.kind = first;
    block.mode = second === 'type' ? third : undefined;
    block.xfrmId = second === 'if_id' ? third : undefined;
  }
  return undefined;
}

/** With `-d`, the line after `link/…` begins with the link's kind. */
function isKind({ addresses }: Block, word: string): boolean {
  const isOther = /_slave$|^(valid_lft|altname|vf|promiscuity|numtxqueues|alias|RX:|TX:)/.test(word);
  return addresses.length === 0 && /^[a-z][a-z0-9_-]*$/.test(word) && !isOther;
}

function readAddress(block: Block, text: string): string | undefined {
  const [, own = '', word, far = '', ...rest] = text.split(/\s+/);
  const local = parseLoosePrefix(own);
  if (local === undefined) return 'not an address';
  const peer = word === 'peer' ? parseLoosePrefix(far) : undefined;
  if (word === 'peer' && peer === undefined) return 'the far end (`peer`) is not an address';
  const { length } = (peer ?? local).prefix;
  // inet6 fe80::8d4:21ff:fea7:a107/64 scope link tentative
  const isTentative = rest.includes('tentative') || rest.includes('dadfailed');
  block.addresses.push({
    address: local.address,
    length,
    ...(peer !== undefined && { peer: peer.address }),
    ...(isTentative && { isTentative }),
  });
  return undefined;
}

function interfaceOf(block: Block, context: ReadingContext): Interface {
  const { name, index, addresses, mac, kind, xfrmId, master, line } = block;
  const isTunnel = carriesNetwork(block);
  const up = isUp(block.flags, block.state);
  return {
    name,
    index,
    addresses,
    ...(mac !== undefined && { mac }),
    ...(isTunnel !== undefined && { isTunnel }),
    ...(up !== undefined && { isUp: up }),
    ...(kind !== undefined && { kind }),
    ...(kind === 'xfrm' && xfrmIdOf(xfrmId)),
    ...(master !== undefined && { master }),
    origin: lineOrigin(context, line),
  };
}
