import type { Cause } from '../diagnosis/define-cause.ts';

/** A cause's page in Markdown: what `onlink causes CODE` prints and docs/causes/ holds. */
export function causePage({ code, number, title, severity, about, helpUrl, needs, dependsOn }: Cause): string {
  return [
    `# ${code}`,
    '',
    `${title}.`,
    '',
    `| catalogue | severity | needs | silenced by |`,
    `|---|---|---|---|`,
    `| ${number} | ${severity} | ${needs.join(', ')} | ${dependsOn.length === 0 ? '–' : dependsOn.join(', ')} |`,
    '',
    about,
    '',
    ...(helpUrl === undefined ? [] : [`Microsoft's page: <${helpUrl}>`, '']),
  ].join('\n');
}
