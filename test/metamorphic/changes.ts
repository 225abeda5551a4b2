import { seeded } from '../../scripts/bench/seeded.ts';
import type { Artifact, Capture } from '../../src/facts/capture.ts';
import { type AddressV4, address, formatAddress } from '../../src/net/address.ts';
import { lengthOfMask } from '../../src/net/prefix.ts';

/* Changes to the raw texts of a capture, as another machine or another estate would have printed them. */

export function withTexts(capture: Capture, change: (text: string, artifact: Artifact) => string): Capture {
  const artifacts = capture.artifacts.map((artifact): Artifact => {
    const { outcome } = artifact;
    if (outcome.kind !== 'answered') return artifact;
    const text = change(new TextDecoder().decode(outcome.bytes), artifact);
    return { ...artifact, outcome: { ...outcome, bytes: new TextEncoder().encode(text) } };
  });
  return { ...capture, artifacts };
}

/** Everything in 10.0.0.0/8 moved up by 30 blocks of /16, in the texts and in what the probes aimed at. */
export const movedUp = (text: string): string =>
  text.replace(
    /(?<![\d.])10\.(\d{1,3})(?=(?:\.\d{1,3}){2}(?![\d.]|\/8\b))/g,
    (_, second) => `10.${Number(second) + 30}`,
  );

export function moved(capture: Capture): Capture {
  const { artifacts, ...rest } = withTexts(capture, movedUp);
  return {
    ...rest,
    artifacts: artifacts.map((one) => ({ ...one, ...(one.target !== undefined && { target: movedUp(one.target) }) })),
  };
}

export function shuffledArtifacts(capture: Capture, seed: number): Capture {
  return { ...capture, artifacts: shuffled(capture.artifacts, seed) };
}

function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const random = seeded(seed);
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

export function shuffledRows(text: string, source: string, seed: number): string {
  if (source === 'linux-ip-route') return JSON.stringify(shuffled(JSON.parse(text) as readonly unknown[], seed));
  if (source !== 'windows-route-print') return text;
  const lines = text.split('\r\n');
  const isRow = (line: string) => /^\s*\d+(\.\d+){3}\s+\d+(\.\d+){3}\s.*\s\d+$/.test(line);
  const rows = [...shuffled(lines.filter(isRow), seed)];
  return lines.map((line) => (isRow(line) ? (rows.pop() ?? line) : line)).join('\r\n');
}

export function renamedAzure(capture: Capture): Capture {
  const rename = (text: string) =>
    text
      .replaceAll(/\bspoke-(\d)/g, 'landing-zone-$1')
      .replaceAll(/\/subscriptions\/[0-9a-f-]{36}/g, '/subscriptions/6a1c0b52-7e0d-4a53-9a55-2d6a3f1b9c10')
      .replaceAll('rg-connectivity', 'rg-net')
      .replaceAll('rg-workloads', 'rg-apps');
  const renamed = withTexts(capture, (text, { half }) => (half === 'azure' ? rename(text) : text));
  return {
    ...renamed,
    artifacts: renamed.artifacts.map((one) => ({
      ...one,
      ...(one.resource !== undefined && { resource: rename(one.resource) }),
    })),
  };
}

export function withUnrelatedRoutes(text: string, source: string): string {
  if (source === 'linux-ip-route') {
    const rows = JSON.parse(text) as readonly Record<string, unknown>[];
    const way = rows.find(({ dst, gateway }) => dst === 'default' && gateway !== undefined);
    const more = ['198.18.4.0/24', '203.0.112.0/23'].map((dst) => ({ ...way, dst }));
    return JSON.stringify([...rows, ...more]);
  }
  if (source !== 'windows-route-print') return text;
  const row = '       198.18.4.0    255.255.255.0     192.168.29.1    192.168.29.37     26';
  return text.replace(/(\r\n\s+0\.0\.0\.0\s+0\.0\.0\.0[^\r\n]*)/, `$1\r\n${row}`);
}

export const unrelatedVNet: Artifact = {
  id: 'arm:unrelated',
  source: 'arm',
  half: 'azure',
  operation: 'virtualNetworks.get',
  outcome: {
    kind: 'answered',
    exitCode: null,
    bytes: new TextEncoder().encode(
      JSON.stringify({
        id: '/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/elsewhere/providers/Microsoft.Network/virtualNetworks/island',
        name: 'island',
        type: 'Microsoft.Network/virtualNetworks',
        properties: { addressSpace: { addressPrefixes: ['192.0.2.0/24'] }, subnets: [], virtualNetworkPeerings: [] },
      }),
    ),
  },
};

/** What Windows says in words, in other languages; of tracert the place of the target differs too. */
export const languages = [
  {
    onLink: 'Auf Verbindung',
    none: 'Keine',
    active: 'Aktive Routen:',
    timedOut: 'Zeitüberschreitung der Anforderung.',
    tracing: 'Routenverfolgung zu TARGET über maximal 8 Hops',
    complete: 'Ablaufverfolgung beendet.',
  },
  {
    onLink: 'リンク上',
    none: 'なし',
    active: 'アクティブ ルート:',
    timedOut: '要求がタイムアウトしました。',
    tracing: 'TARGET へのルートをトレースしています。経由するホップ数は最大 8 です:',
    complete: 'トレースを完了しました。',
  },
  {
    onLink: 'В сети',
    none: 'Отсутствует',
    active: 'Активные маршруты:',
    timedOut: 'Превышен интервал ожидания для запроса.',
    tracing: 'Трассировка маршрута к TARGET с максимальным числом прыжков 8',
    complete: 'Трассировка завершена.',
  },
  {
    onLink: 'على الارتباط',
    none: 'بلا',
    active: 'التوجيهات النشطة:',
    timedOut: 'انتهت مهلة الطلب.',
    tracing: 'تتبع المسار إلى TARGET على 8 وثبات كحد أقصى',
    complete: 'اكتمل التتبع.',
  },
] as const;

export function translated(text: string, source: string, words: (typeof languages)[number]): string {
  if (source === 'windows-route-print')
    return text
      .replaceAll('On-link', words.onLink)
      .replaceAll(/\bNone\b/g, words.none)
      .replaceAll('Active Routes:', words.active);
  return source === 'windows-tracert'
    ? text
        .replaceAll('Request timed out.', words.timedOut)
        .replace(/Tracing route to (\S+) over .* hops/, (_, target) => words.tracing.replace('TARGET', target))
        .replace('Trace complete.', words.complete)
    : text;
}

/** Each route into the tunnel as its two halves, of which `keep` takes what it likes; a stray is left as it is. */
export function withHalves(text: string, source: string, tunnelAddress: string, keep: Keep = () => true): string {
  if (source === 'linux-ip-route') return listWithHalves(text, keep);
  return source === 'windows-route-print' ? printWithHalves(text, tunnelAddress, keep) : text;
}

type Keep = (prefix: string, half: 0 | 1) => boolean;

const isOfEstate = (dst: string): boolean => dst.startsWith('10.') && !dst.startsWith('10.222.');

function listWithHalves(text: string, keep: Keep): string {
  const rows = JSON.parse(text) as readonly Record<string, unknown>[];
  return JSON.stringify(
    rows.flatMap((row) => {
      const { dst, dev, table } = row;
      if (typeof dst !== 'string' || !isOfEstate(dst) || (dev !== 'tun0' && table !== '220')) return [row];
      return ([0, 1] as const).filter((half) => keep(dst, half)).map((half) => ({ ...row, dst: halfOf(dst, half) }));
    }),
  );
}

//         10.7.0.0      255.255.0.0         On-link       172.20.9.4     43
function printWithHalves(text: string, tunnelAddress: string, keep: Keep): string {
  return text
    .split('\r\n')
    .flatMap((line) => {
      const [first = '', mask = '', way, local, ...rest] = line.trim().split(/\s+/);
      if (!isOfEstate(first) || mask === '255.255.255.255' || way !== 'On-link' || local !== tunnelAddress)
        return [line];
      const prefix = `${first}/${lengthOfMask(address(mask))}`;
      return ([0, 1] as const)
        .filter((half) => keep(prefix, half))
        .map((half) => {
          const [start = '', length] = halfOf(prefix, half).split('/');
          const narrower = formatAddress((2 ** 32 - 2 ** (32 - Number(length))) as AddressV4);
          return ['', start, narrower, way, local, ...rest].join('    ');
        });
    })
    .join('\r\n');
}

// 10.7.0.0/16 → 10.7.0.0/17 and 10.7.128.0/17; the lengths drawn are 16 to 22.
function halfOf(prefix: string, half: 0 | 1): string {
  const [address = '', length] = prefix.split('/');
  const third = half * 2 ** (23 - Number(length));
  return `${address.replace(/\.0\.0$/, `.${third}.0`)}/${Number(length) + 1}`;
}
