import { analyze } from '../../src/analyze.ts';
import { largeEstate } from './large-estates.ts';
import { median, times } from './median.ts';

/*
 * One whole analysis, measured in a process of its own: `node --expose-gc estate-case.ts VNETS ROUTES`. Prints an
 * EstateFigures as JSON.
 */

/** What was measured of one estate. */
export interface EstateFigures {
  readonly vnets: number;
  readonly routes: number;
  readonly ms: number;
}

const [vnets = 10, routes = 1_000] = process.argv.slice(2).map(Number);
const capture = largeEstate(vnets, routes);
const { ladders } = analyze(capture);
if (ladders.length < vnets) throw new Error(`${ladders.length} ladders for ${vnets} VNets`);
const ms = median(times(7, () => analyze(capture)));
console.log(JSON.stringify({ vnets, routes, ms } satisfies EstateFigures));
