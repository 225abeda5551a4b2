import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { formatPrefix } from '../net/prefix.ts';
import { evidenceList, findingArticle } from './html-finding.ts';
import { ladderDetails, ladderSection } from './html-ladder.ts';
import { mapSection } from './html-map.ts';
import { stripSection } from './html-strip.ts';
import { style } from './html-style.ts';
import { html, type Markup, nothing } from './markup.ts';
import { placeOf, sortedOut, tunnelWords } from './words.ts';

const verdicts: Readonly<Record<Diagnosis['verdict'], string>> = {
  ok: '✓ OK',
  broken: '✗ BROKEN',
  undetermined: '? UNDETERMINED',
};

const problemsAtMost = 100;

/** The report as one page that fetches nothing and runs nothing: to mail, to print, to open from a disk. */
export function renderHtml(
  diagnosis: Diagnosis,
  { toolVersion, bundled }: { readonly toolVersion: string; readonly bundled?: string },
): string {
  const { open, accepted } = sortedOut(diagnosis);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>onlink: ${diagnosis.verdict}</title><style>${{ markup: style }}</style></head>
<body><header>${bundled === undefined ? nothing : html`<p class="bundled">${bundled}</p>`}
<div class="verdict ${diagnosis.verdict}"><h1>${verdicts[diagnosis.verdict]}</h1><p>${diagnosis.headline}</p></div>
${facts(diagnosis)}</header>
<main>
${ladderSection(diagnosis)}
${part(
  'findings',
  'Findings',
  open.map((finding, index) => findingArticle(finding, index + 1)),
)}
${mapSection(diagnosis)}
${stripSection(diagnosis)}
${part('accepted', 'Accepted as deliberate', items(accepted.map(({ code, summary }) => html`<code>${code}</code> ${summary}`)))}
${part('unexplained', 'Broken, and no known cause explains it', items(diagnosis.unexplained.map((prefix) => html`<code>${formatPrefix(prefix)}</code>`)))}
${part('candidates', 'Gateways it could be', items(diagnosis.candidates.map(({ name, flag, because }) => html`${name}: ${because}; pick it by <code>${flag}</code>`)))}
${part('notes', 'Worth knowing', diagnosis.notes.length === 0 ? [] : [evidenceList(diagnosis.notes)])}
${part('not-checked', 'Not checked', items(diagnosis.notChecked.map(({ code, why }) => html`<code>${code}</code> ${why}`)))}
${part('assumptions', 'Taken for granted', items(diagnosis.assumptions.map(({ code, says }) => html`<code>${code}</code> ${says}`)))}
${part('problems', 'Read, and not understood', problemItems(diagnosis))}
${ladderDetails(diagnosis)}
</main>
<footer><p>onlink ${toolVersion} only reads: it has run none of the commands on this page.</p></footer></body></html>
`;
  return page.markup;
}

function facts(diagnosis: Diagnosis): Markup {
  const { gateway, takenAt } = diagnosis;
  return html`<dl class="facts"><div><dt>Tunnel</dt><dd>${tunnelWords(diagnosis)}</dd></div>
<div><dt>Gateway</dt><dd>${gateway === null ? 'not told' : html`${gateway.name} <small>${gateway.id}</small>`}</dd></div>
<div><dt>Taken</dt><dd>${takenAt ?? 'at a time the capture does not tell'}</dd></div></dl>`;
}

function part(id: string, heading: string, contents: readonly Markup[]): Markup {
  return contents.length === 0
    ? nothing
    : html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${contents}</section>`;
}

function items(contents: readonly Markup[]): readonly Markup[] {
  return contents.length === 0 ? [] : [html`<ul>${contents.map((one) => html`<li>${one}</li>`)}</ul>`];
}

function problemItems({ problems }: Diagnosis): readonly Markup[] {
  const shown = problems.slice(0, problemsAtMost);
  const rest = problems.length - shown.length;
  return [
    ...items(shown.map(({ origin, text, why }) => html`<code>${placeOf(origin)}</code> ${why}<pre>${text}</pre>`)),
    ...(rest > 0 ? [html`<p>${rest} more are left out here; <code>-o json</code> has all.</p>`] : []),
  ];
}
