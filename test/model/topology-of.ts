import { arm, type BundleArtifact } from '../../scripts/scenarios/wire.ts';
import { readTopology } from '../../src/azure/translate.ts';
import type { Topology } from '../../src/facts/topology.ts';
import { captureOf } from '../capture-of.ts';

/** The topology that these answers of Azure tell. */
export function topologyFrom(artifacts: readonly BundleArtifact[]): Topology {
  return readTopology(captureOf('windows', artifacts).artifacts).topology;
}

/** The topology that one document tells. */
export function topologyOf(operation: string, id: string, document: unknown): Topology {
  return topologyFrom([arm(operation, id, document)]);
}
