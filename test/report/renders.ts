import { type Render, reports } from '../../src/report/report.ts';

/** Every renderer, loaded. */
export const renders: Readonly<Record<keyof typeof reports, Render>> = {
  text: await reports.text(),
  json: await reports.json(),
  markdown: await reports.markdown(),
  html: await reports.html(),
  junit: await reports.junit(),
};
