import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { type Link, mapOf, type NetworkMap, type Place } from './map.ts';
import { layOut, lineHeight, type PlacedBox, type PlacedLink, type Point } from './map-layout.ts';
import { html, type Markup, nothing } from './markup.ts';
import { verdictMarks, verdictWords } from './words.ts';

/** A fault with the number it bears on the map. */
interface Fault {
  readonly number: number;
  readonly link: Link;
  readonly end: 'from' | 'to';
  readonly says: string;
}

/** The map as a drawing, and below it each marked fault in words. */
export function mapSection(diagnosis: Diagnosis): Markup {
  const map = mapOf(diagnosis);
  const faults = numbered(map.links);
  return html`<section aria-labelledby="map"><h2 id="map">Map</h2>
<div class="scroll" role="region" aria-labelledby="map" tabindex="0">${drawing(map, faults)}</div>
<p class="legend">${legend()}</p>
${faultList(map, faults)}</section>`;
}

function numbered(links: readonly Link[]): readonly Fault[] {
  const all = links.flatMap((link) => link.breaks.map(({ end, says }) => ({ link, end, says })));
  return all.map((fault, index) => ({ ...fault, number: index + 1 }));
}

function drawing(map: NetworkMap, faults: readonly Fault[]): Markup {
  const { width, height, boxes, links } = layOut(map);
  return html`<svg class="map" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="map-title map-desc">
<title id="map-title">Client, gateway and the networks behind it</title>
<desc id="map-desc">${description(map)}</desc>
${links.map(linkDrawing)}
${boxes.map(boxDrawing)}
${links.flatMap((placed) => marksOn(placed, faults))}
</svg>`;
}

function description({ places, links }: NetworkMap): string {
  const titles = titlesOf(places);
  return links
    .map(({ from, to, state }) => `${titles.get(from)} to ${titles.get(to)}: ${verdictWords[state]}`)
    .join('; ');
}

function linkDrawing({ link, start, end }: PlacedLink): Markup {
  const middle = rounded((start.x + end.x) / 2);
  return html`<path class="link ${link.state}" d="M${start.x} ${start.y} C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}"/>`;
}

function boxDrawing({ place, x, y, width, height, title, lines }: PlacedBox): Markup {
  const [left, top] = [x - width / 2, y - height / 2];
  const at = (index: number) => rounded(top + 12 + (index + 0.75) * lineHeight);
  return html`<g class="box ${place.state} ${place.kind}"><rect x="${rounded(left)}" y="${rounded(top)}" width="${width}" height="${height}" rx="6"/>
${title.map((line, index) => html`<text class="title" x="${rounded(left + 12)}" y="${at(index)}">${line}</text>`)}
${lines.map((line, index) => html`<text class="line" x="${rounded(left + 12)}" y="${at(title.length + index)}">${line}</text>`)}
<text class="state" x="${rounded(left + width - 10)}" y="${at(0)}">${verdictMarks[place.state]}</text></g>`;
}

function marksOn(placed: PlacedLink, faults: readonly Fault[]): readonly Markup[] {
  return (['from', 'to'] as const).flatMap((end) => {
    const here = faults.filter((fault) => fault.link === placed.link && fault.end === end);
    if (here.length === 0) return [];
    // Of several faults at one end one sign tells all numbers: signs side by side would hide the link.
    const numbers = here.map(({ number }) => number);
    const label = here.length > 2 ? `✗ ${numbers[0]}–${numbers.at(-1)}` : `✗ ${numbers.join(', ')}`;
    const width = 20 + label.length * 6;
    const { x, y } = pointAt(placed, end === 'from' ? 0.36 : 0.82);
    return [
      html`<g class="fault"><rect x="${rounded(x - width / 2)}" y="${rounded(y - 11)}" width="${width}" height="22" rx="11"/><text x="${x}" y="${rounded(y + 4.5)}">${label}</text></g>`,
    ];
  });
}

// On the curve that linkDrawing draws. At a third of the way the links that fan out from one box have parted.
function pointAt({ start, end }: PlacedLink, share: number): Point {
  const across = 1.5 * share * (1 - share) + share ** 3;
  const down = 3 * share ** 2 - 2 * share ** 3;
  return { x: rounded(start.x + (end.x - start.x) * across), y: rounded(start.y + (end.y - start.y) * down) };
}

function faultList({ places }: NetworkMap, faults: readonly Fault[]): Markup {
  if (faults.length === 0) return nothing;
  const titles = titlesOf(places);
  const items = faults.map(({ number, link, end, says }) => {
    const [here, there] = end === 'from' ? [link.from, link.to] : [link.to, link.from];
    return html`<li><b>✗ ${number}</b> at ${titles.get(here) ?? ''}, towards ${titles.get(there) ?? ''}: ${says}</li>`;
  });
  return html`<ul class="faults">${items}</ul>`;
}

function legend(): Markup {
  return html`<span>✓ solid line: works</span> <span>✗ dashed: broken, numbered at the end where the fault is</span> <span>? dotted: not known</span> <span>– thin: not expected</span>`;
}

function titlesOf(places: readonly Place[]): ReadonlyMap<string, string> {
  return new Map(places.map(({ id, title }) => [id, title]));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
