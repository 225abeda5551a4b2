import { diagnoseRun } from './diagnose-run.ts';
import { LabError } from './hosts.ts';
import { look } from './run-state.ts';
import { selfCheck } from './self-check.ts';
import { runNamed } from './states.ts';

/** What the lab can be told to do inside an enclosure; each prints one JSON value. */
const acts: Readonly<Record<string, (name: string) => Promise<unknown>>> = {
  check: selfCheck,
  look: (name) => look(existing(name)),
  diagnose: (name) => diagnoseRun(existing(name)),
};

/** Does one thing inside the enclosure. Ending this process ends the enclosure and all that runs in it. */
export async function actInside(act: string, name: string): Promise<void> {
  process.stdin.on('end', () => process.exit(1)).resume();
  const doIt = acts[act];
  if (doIt === undefined) throw new LabError(`nothing inside is called ${act}`);
  const result = await doIt(name);
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

function existing(name: string): ReturnType<typeof runNamed> & object {
  const run = runNamed(name);
  if (run === undefined) throw new LabError(`no run is called ${name}`);
  return run;
}
