import type { Finding, Fix } from '../diagnosis/finding.ts';
import type { Evidence } from '../facts/origin.ts';
import { html, type Markup, nothing } from './markup.ts';
import { about } from './text-finding.ts';
import { handWords, placeOf, severityWords } from './words.ts';

const openEvidence = 3;

/** One finding with its evidence and its fix cards. */
export function findingArticle(finding: Finding, number: number): Markup {
  const { code, title, severity, confidence, summary, evidence, fixes, helpUrl } = finding;
  const id = `finding-${number}`;
  return html`<article class="finding ${severity}" aria-labelledby="${id}">
<h3 id="${id}"><span class="severity">${severityWords[severity]}</span> ${number}. ${title}</h3>
<p class="code"><code>${code}</code>${confidence === 'likely' ? ', likely' : ', proven'}</p>
<p>${summary}</p>
<dl class="about">${about(finding).map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
<h4>Because</h4>
${evidenceList(evidence.slice(0, openEvidence))}
${evidence.length > openEvidence ? html`<details><summary>${evidence.length - openEvidence} more pieces of evidence</summary>${evidenceList(evidence.slice(openEvidence))}</details>` : nothing}
${fixes.map(fixCard)}
${helpUrl === undefined ? nothing : helpLink(helpUrl)}</article>`;
}

/** What was read, and where. */
export function evidenceList(evidence: readonly Evidence[]): Markup {
  return html`<ul class="evidence">${evidence.map(
    ({ says, origin, quote }) =>
      html`<li>${says} <code class="place">${placeOf(origin)}</code>${quote === undefined ? nothing : html`<pre>${quote}</pre>`}</li>`,
  )}</ul>`;
}

function fixCard({ by, role, commands, steps, disrupts, verify }: Fix): Markup {
  return html`<div class="fix"><h4>Fix, by ${handWords[by]}${role === undefined ? '' : ` (${role})`}</h4>
${commands.map(({ shell, command }) => html`<p class="shell">${shell}</p>${commandBlock(command)}`)}
${steps.length === 0 ? nothing : html`<ul>${steps.map((step) => html`<li>${step}</li>`)}</ul>`}
<p><b>Disturbs:</b> ${disrupts ?? 'nobody'}</p>
${verify === undefined ? nothing : html`<p>Then see whether it worked:</p>${commandBlock(verify)}`}</div>`;
}

// Lines of a command stay lines; a browser's own wrapping is not copied.
function commandBlock(command: string): Markup {
  const lines = command.split(/\r\n|\n|\r/).map((line) => html`${line}`);
  return html`<pre class="command">${lines}</pre>`;
}

// A link only where it can be nothing but a page.
function helpLink(url: string): Markup {
  return /^https:\/\/[\w./?=&#%-]+$/.test(url)
    ? html`<p>More: <a href="${url}" rel="noreferrer">${url}</a></p>`
    : html`<p>More: ${url}</p>`;
}
