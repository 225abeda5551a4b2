import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { formatAddress } from '../net/address.ts';
import { formatPrefix, lastOf } from '../net/prefix.ts';
import { html, type Markup, nothing } from './markup.ts';
import { type Bar, type Strip, stripsOf } from './strip.ts';

const dullAtMost = 60;
const tellingAtMost = 24;

/** The address space as number lines: what should be, which routes lead into the tunnel, and who wins. */
export function stripSection({ ladders }: Diagnosis): Markup {
  const strips = stripsOf(ladders);
  if (strips.length === 0) return nothing;
  const telling = strips
    .filter(({ isTelling }) => isTelling)
    .toSorted((a, b) => Number(isBroken(b)) - Number(isBroken(a)));
  const dull = strips.filter(({ isTelling }) => !isTelling);
  const shown = telling.slice(0, tellingAtMost);
  const folded = [...telling.slice(tellingAtMost), ...dull];
  return html`<section aria-labelledby="space"><h2 id="space">Address space</h2>
<p class="legend">Each line runs from the first to the last address, widths by the logarithm of size. <span class="key tunnel">✓ into the tunnel</span> <span class="key elsewhere">✗ elsewhere, or discarded</span> <span class="key nowhere">✗ no route</span> <span class="key broken">expected and broken</span></p>
${shown.map(figure)}
${foldedStrips(folded, shown.length)}</section>`;
}

function isBroken({ expected }: Strip): boolean {
  return expected.some((bars) => bars.some(({ kind }) => kind === 'broken'));
}

function foldedStrips(strips: readonly Strip[], before: number): Markup {
  if (strips.length === 0) return nothing;
  const rest = strips.length - dullAtMost;
  return html`<details><summary>${strips.length} ${before === 0 ? 'ranges' : 'more ranges'}, where one answer holds for all addresses</summary>
${strips.slice(0, dullAtMost).map(figure)}
${rest > 0 ? html`<p>${rest} more are left out here; <code>-o json</code> lists every prefix.</p>` : nothing}</details>`;
}

function figure({ prefix, owner, expected, routes, winners }: Strip): Markup {
  const name = formatPrefix(prefix);
  return html`<figure class="strip"><figcaption><code>${name}</code> ${owner}</figcaption>
${expected.map((bars, index) => rowOf(index === 0 ? 'should be' : '', bars))}
${routes.length === 0 ? rowOf('routes into the tunnel', [{ left: 0, width: 100, label: 'none', kind: 'nowhere' }]) : routes.map((bars, index) => rowOf(index === 0 ? 'routes into the tunnel' : '', bars))}
${rowOf('what wins', winners.length === 0 ? [{ left: 0, width: 100, label: 'not known: no route table was read', kind: 'nowhere' }] : winners)}
<div class="axis"><span>${formatAddress(prefix.first)}</span><span>${formatAddress(lastOf(prefix))}</span></div></figure>`;
}

function rowOf(name: string, bars: readonly Bar[]): Markup {
  return html`<div class="row"><span class="name">${name}</span><div class="line">${bars.map(barMarkup)}</div></div>`;
}

function barMarkup({ left, width, label, kind }: Bar): Markup {
  return html`<span class="bar ${kind}" style="left:${left}%;width:${width}%" title="${label}">${label}</span>`;
}
