import type { WhatIf } from '../diagnosis/what-if.ts';
import { formatPrefix } from '../net/prefix.ts';
import { jsonText, prefixEntry } from './json.ts';

/** `onlink what-if -o json`. */
export function renderWhatIfJson({ effects, before, after, untold, clients, disrupts, notes }: WhatIf): string {
  return jsonText({
    schemaVersion: '1',
    changes: effects.map(({ resource, property, from, to }) => ({ resource, property, from, to })),
    verdict: { before: before.verdict, after: after.verdict },
    findings: {
      before: before.findings.map(({ code }) => code),
      after: after.findings.map(({ code }) => code),
      untold,
    },
    clients: clients.map((client) => ({
      client: client.family,
      captured: client.isCaptured,
      canConnect: { before: client.canConnect.before ?? null, after: client.canConnect.after ?? null },
      gained: client.gained.map(formatPrefix),
      lost: client.lost.map(formatPrefix),
      needs: client.need,
      because: client.because,
      limits: client.limits,
      before: client.before.map(prefixEntry),
      after: client.after.map(prefixEntry),
    })),
    disrupts,
    notes,
  });
}
