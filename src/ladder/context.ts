import type { ClientView } from '../facts/client.ts';
import type { Topology } from '../facts/topology.ts';
import type { Forwarding } from '../routing/forwarding.ts';
import type { Situation } from '../situation/situation.ts';
import type { TunnelSpace } from './tunnel-space.ts';

/** Everything the rungs are asked of. */
export interface ClimbContext {
  readonly client: ClientView;
  readonly topology: Topology;
  readonly situation: Situation;
  readonly forwarding: Forwarding;
  readonly tunnelSpace: TunnelSpace;
}
