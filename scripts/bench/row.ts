/** A figure beside what was aimed at; `-` where nothing was. */
export type Row = readonly [what: string, figure: string, target: string, reached: string];

export function mark(figure: number, limit: number): string {
  return figure <= limit ? 'reached' : '**missed**';
}
