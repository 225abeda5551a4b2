import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { TextOptions } from './text.ts';

/** Everything a report depends on besides the diagnosis: no clock, no environment, no locale. */
export interface ReportOptions extends TextOptions {
  readonly toolVersion: string;
}

/** Tells a diagnosis in one format. */
export type Render = (diagnosis: Diagnosis, options: ReportOptions) => string;

/** The formats of `-o`. Each tells the same facts; each is loaded when it is asked for. */
export const reports: Readonly<Record<'text' | 'json' | 'markdown' | 'html' | 'junit', () => Promise<Render>>> = {
  text: async () => (await import('./text.ts')).renderText,
  json: async () => (await import('./json.ts')).renderJson,
  markdown: async () => (await import('./markdown.ts')).renderMarkdown,
  html: async () => (await import('./html.ts')).renderHtml,
  junit: async () => (await import('./junit.ts')).renderJunit,
};
