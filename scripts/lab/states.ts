import { scenarios } from './scenarios.ts';
import type { Run, State } from './state.ts';
import { azureFaultStates } from './states-azure-faults.ts';
import { clientTableStates } from './states-client-table.ts';
import { ikev2States } from './states-ikev2.ts';
import { openvpnStates } from './states-openvpn.ts';

const numbered = [...openvpnStates, ...clientTableStates, ...ikev2States, ...azureFaultStates].sort((a, b) =>
  a.name.localeCompare(b.name),
);

/** Every state the lab knows, the scenarios with contrasts first. */
export const states: readonly State[] = [...scenarios, ...numbered];

/** A run with its name: a state's own, or `state/contrast`. */
export type NamedRun = { readonly name: string; readonly state: State; readonly run: Run };

/** A state's run and its contrasts. */
export function runsOf(state: State): readonly NamedRun[] {
  const contrasts = (state.contrasts ?? []).map((run) => ({ name: `${state.name}/${run.label}`, state, run }));
  return [{ name: state.name, state, run: state }, ...contrasts];
}

/** The run of that name. */
export function runNamed(name: string): Run | undefined {
  return states.flatMap(runsOf).find((one) => one.name === name)?.run;
}
