import type { ClientFamily, ClientOutcome, Need, WhatIf } from '../diagnosis/what-if.ts';
import type { Ladder } from '../ladder/ladder.ts';
import { formatPrefix, type Prefix, samePrefix } from '../net/prefix.ts';
import { paragraph, type Setting, section } from './page.ts';
import { ladderTable } from './text-ladder.ts';

const familyWords: Readonly<Record<ClientFamily, string>> = {
  'windows-native': 'VPN client of Windows (IKEv2, SSTP)',
  openvpn: 'Azure VPN Client, OpenVPN',
  strongswan: 'strongSwan (IKEv2)',
};

const needWords: Readonly<Record<Need, string>> = {
  nothing: 'nothing to do',
  reconnect: 'has to reconnect',
  'new-package': 'needs a new package',
  'new-profile': 'needs a new profile',
  'another-client': 'could not connect any more',
};

/** `onlink what-if` for a terminal. */
export function renderWhatIfText(answer: WhatIf, setting: Setting): string {
  const { effects, before, after, clients, disrupts, notes } = answer;
  const lines = [
    'What if',
    ...effects.flatMap(({ resource, property, from, to }) => [
      ...paragraph(setting, `${property}: ${from} → ${to}`, '  ', 4),
      ...paragraph(setting, resource, '    '),
    ]),
    '',
    ...paragraph(
      setting,
      `${before.verdict} → ${after.verdict}, before anybody does anything at a client`,
      'Verdict: ',
      9,
    ),
    ...findingsLines(answer, setting),
    ...clients.flatMap((client) => clientLines(client, setting)),
    ...section(
      setting,
      'What the change itself disturbs',
      (disrupts.length === 0 ? ['Nobody who is connected now.'] : disrupts).flatMap((text) =>
        paragraph(setting, text, '  - '),
      ),
    ),
    ...section(
      setting,
      'Worth knowing',
      notes.flatMap((text) => paragraph(setting, text, '  - ')),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function findingsLines({ before, after, untold }: WhatIf, setting: Setting): readonly string[] {
  const codes = (findings: WhatIf['before']['findings']) => [...new Set(findings.map(({ code }) => code))];
  const [was, is] = [codes(before.findings), codes(after.findings)];
  const line = (lead: string, list: readonly string[]) =>
    list.length === 0 ? [] : paragraph(setting, list.join(', '), lead, 9);
  return [
    ...line(
      'Gone:    ',
      was.filter((code) => !is.includes(code) && !untold.includes(code)),
    ),
    ...line('Untold:  ', untold.length === 0 ? [] : [`${untold.join(', ')} (only a probe could tell)`]),
    ...line(
      'Stays:   ',
      is.filter((code) => was.includes(code)),
    ),
    ...line(
      'New:     ',
      is.filter((code) => !was.includes(code)),
    ),
  ];
}

function clientLines(client: ClientOutcome, setting: Setting): readonly string[] {
  const heading = `${familyWords[client.family]}${client.isCaptured ? ', the client of this capture' : ''}`;
  const { before, after } = client.canConnect;
  if (before === false && after === false)
    return section(setting, heading, paragraph(setting, 'The gateway does not speak its protocol.', '  '));
  const list = (prefixes: readonly Prefix[]) => prefixes.map(formatPrefix).join(', ');
  const changed = changedLadders(client);
  return section(setting, heading, [
    ...paragraph(setting, `${needWords[client.need]}: ${client.because}`, '  ', 4),
    ...(before === false && after === true ? paragraph(setting, 'can connect from then on', '  ') : []),
    ...(client.gained.length > 0 ? paragraph(setting, `is offered ${list(client.gained)}`, '  + ') : []),
    ...(client.lost.length > 0 ? paragraph(setting, `is no longer offered ${list(client.lost)}`, '  - ') : []),
    ...client.limits.flatMap(({ limit, of, before: was, after: is, passed }) =>
      paragraph(
        setting,
        `${is} routes (${was} before) ${passed ? 'would pass' : 'are beyond'} the limit of ${limit} ${of}`,
        '  ! ',
      ),
    ),
    ...(changed.before.length + changed.after.length === 0
      ? paragraph(setting, 'no ladder changes', '  ')
      : [
          ...table('before', changed.before, setting),
          ...table(client.isCaptured ? 'after, with the client as it is now' : 'after', changed.after, setting),
        ]),
  ]);
}

function table(title: string, ladders: readonly Ladder[], setting: Setting): readonly string[] {
  const rows = ladders.length === 0 ? ['  (none)'] : ladderTable(ladders, setting, false).slice(0, -2);
  return ['', `  ${title}:`, ...rows];
}

/** Ladders whose states, verdict or place of loss differ between the two sides. */
function changedLadders({ before, after }: ClientOutcome): {
  readonly before: readonly Ladder[];
  readonly after: readonly Ladder[];
} {
  const differs = (one: Ladder, side: readonly Ladder[]) => {
    const other = side.find(({ prefix }) => samePrefix(prefix, one.prefix));
    return other === undefined || stateText(other) !== stateText(one);
  };
  return {
    before: before.filter((ladder) => differs(ladder, after)),
    after: after.filter((ladder) => differs(ladder, before)),
  };
}

// What was probed and what was issued belongs to the Azure of before: that it is unknown after is no change.
function stateText({ rungs, expectation }: Ladder): string {
  const states = rungs
    .filter(({ rung }) => rung !== 'delivered' && rung !== 'issued')
    .map(({ rung, state }) => `${rung}:${state}`);
  return [expectation, ...states].join(' ');
}
