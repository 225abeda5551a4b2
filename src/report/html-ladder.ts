import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { type Ladder, rungOf } from '../ladder/ladder.ts';
import { rungNames } from '../ladder/rung.ts';
import { formatPrefix } from '../net/prefix.ts';
import { byUrgency, foldEqual } from './fold.ts';
import { evidenceList } from './html-finding.ts';
import { html, type Markup, nothing } from './markup.ts';
import { expectationWords, marks, outcomeOf, rungQuestions, stateWords } from './words.ts';

const detailedAtMost = 150;
const shownOfEqual = 8;

/** The ladders as a table; on a narrow page each row becomes a card. */
export function ladderSection({ ladders }: Diagnosis): Markup {
  if (ladders.length === 0)
    return html`<section aria-labelledby="ladder"><h2 id="ladder">Ladder</h2><p>No prefix could be judged.</p></section>`;
  const folds = foldEqual(ladders, shownOfEqual);
  return html`<section aria-labelledby="ladder"><h2 id="ladder">Ladder</h2>
<p class="legend"><span>✓ held</span> <span>✗ lost</span> <span>~ partly</span> <span>? not known</span> <span>– does not apply</span> <span>boxed: lost here first</span></p>
${table(
  folds.flatMap(({ shown }) => shown),
  'Each prefix from Azure to the answer of its target',
)}
${folds.map(({ folded }) => foldedTable(folded))}
<details><summary>What the eight rungs ask</summary><ol>${rungNames.map((name) => html`<li><b>${name}</b>: ${rungQuestions[name]}</li>`)}</ol></details>
</section>`;
}

/** Every rung of every prefix with what it rests on, folded. */
export function ladderDetails({ ladders }: Diagnosis): Markup {
  if (ladders.length === 0) return nothing;
  const shown = byUrgency(ladders).slice(0, detailedAtMost);
  const rest = ladders.length - shown.length;
  return html`<section aria-labelledby="evidence"><h2 id="evidence">Evidence, prefix by prefix</h2>
${shown.map(detail)}
${rest > 0 ? html`<p>${rest} more are left out here; <code>-o json</code> has the evidence of every prefix.</p>` : nothing}</section>`;
}

function foldedTable(folded: readonly Ladder[]): Markup {
  const [first] = folded;
  if (first === undefined) return nothing;
  const title = `${folded.length} more prefixes with the same states: ${outcomeOf(first)}`;
  return html`<details><summary>${title}</summary>${table(folded, title)}</details>`;
}

function table(ladders: readonly Ladder[], caption: string): Markup {
  return html`<table class="ladder" role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">prefix</th>${rungNames.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}<th role="columnheader" scope="col">outcome</th></tr></thead>
<tbody role="rowgroup">${ladders.map(row)}</tbody></table>`;
}

function row(ladder: Ladder): Markup {
  const { prefix, owner, expectation, verdict, lostAt } = ladder;
  return html`<tr role="row" class="${verdict}"><th role="rowheader" scope="row"><code>${formatPrefix(prefix)}</code> <span class="owner">${owner}</span> <small>${expectationWords[expectation]}</small></th>
${rungNames.map((name) => {
  const { state } = rungOf(ladder, name);
  return html`<td role="cell" class="rung ${state}${name === lostAt ? ' first' : ''}"><span class="name" aria-hidden="true">${name}</span><span class="mark" aria-hidden="true">${marks[state]}</span> <span class="word">${stateWords[state]}</span></td>`;
})}
<td role="cell" class="outcome">${outcomeOf(ladder)}</td></tr>`;
}

function detail(ladder: Ladder): Markup {
  const { prefix, owner, reason, rungs } = ladder;
  return html`<details><summary><code>${formatPrefix(prefix)}</code> ${owner}: ${outcomeOf(ladder)}</summary>
<p>Reason: ${reason}; ${expectationWords[ladder.expectation]}.</p>
<dl>${rungs.map(({ rung, state, evidence }) => html`<dt>${marks[state]} ${rung}: ${stateWords[state]}</dt><dd>${evidence.length === 0 ? html`<p class="faint">nothing was read on this</p>` : evidenceList(evidence)}</dd>`)}</dl></details>`;
}
