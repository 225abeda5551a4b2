import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { type Link, mapOf, type Place } from './map.ts';
import { printable } from './printable.ts';

/** The map in Mermaid, which GitHub and Azure DevOps draw. Every label is quoted, every sign in it spelt out. */
export function mermaidMap(diagnosis: Diagnosis): readonly string[] {
  const { places, links } = mapOf(diagnosis);
  return [
    '```mermaid',
    'flowchart LR',
    ...places.map((place) => `  ${place.id}["${label(place)}"]:::${place.state.replace('-', '')}`),
    ...links.map((link) => `  ${link.from} ${arrow(link)} ${link.to}`),
    '  classDef ok stroke:#1a7f37,stroke-width:2px',
    '  classDef broken stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 3',
    '  classDef undetermined stroke:#9a6700,stroke-width:2px,stroke-dasharray:2 3',
    '  classDef notexpected stroke:#6e7781,stroke-width:1px',
    '```',
  ];
}

function label({ title, kindWord, lines }: Place): string {
  return [title, kindWord, ...lines].map(spelt).join('<br/>');
}

function arrow({ state, breaks }: Link): string {
  const says = breaks.map(({ end, says: text }) => (end === 'from' ? `✗ ${text} …` : `… ${text} ✗`));
  if (state === 'broken' || says.length > 0)
    return `-.-|"${(says.length === 0 ? ['✗ broken'] : says).map(spelt).join('<br/>')}"|`;
  if (state === 'undetermined') return '-.-|"?"|';
  return state === 'not-expected' ? '-.-|"not expected"|' : '---';
}

// Mermaid's own entities: `#34;` is a quote. Letters and digits of any script cannot end a label.
function spelt(text: string): string {
  return printable(text).replace(/[^\p{L}\p{N}\p{M} .,:/_✓✗?–…-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
