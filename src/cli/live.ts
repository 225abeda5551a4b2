import { readTopology } from '../azure/translate.ts';
import { openCapture } from '../capture/join.ts';
import { livePorts } from '../capture/live-ports.ts';
import type { Ports } from '../capture/ports.ts';
import { take } from '../capture/take.ts';
import { jsonArtifact } from '../capture/take-probes.ts';
import { UserError } from '../capture/user-error.ts';
import type { Artifact, Capture, CaptureRequest } from '../facts/capture.ts';
import { chooseProbes, type Probe, type Target } from '../model/choose-probes.ts';
import { expectRoutes } from '../model/expect-routes.ts';
import { formatAddress } from '../net/address.ts';
import { type Hints, hintsOf, serverAddressesOf } from '../situation/hints.ts';
import { situationOf } from '../situation/situation.ts';
import { readClient } from '../sources/read-client.ts';
import { askAzure, loadAzure } from './ask-azure.ts';
import { interruption } from './interruption.ts';
import type { LiveOptions } from './live-options.ts';
import { parseTarget } from './options.ts';
import { type Progress, progressOn } from './progress.ts';
import { selfCommand } from './self.ts';

/** Which halves to take, and where each artifact goes as it comes. */
export interface LivePlan {
  readonly halves: readonly ('client' | 'azure')[];
  readonly keep?: (artifact: Artifact) => Promise<void>;
}

/** Captures this machine and its Azure: the client's facts, then Azure and the probes that both suggest. */
export async function captureLive(options: LiveOptions, plan: LivePlan): Promise<Capture> {
  const targets = (options.target ?? []).map(parseTarget);
  const progress = progressOn(process.stderr, options);
  const stop = interruption();
  const budgetMs = Math.round((options.timeout ?? (options.issueProfile === true ? 300 : 120)) * 1000);
  const endsAt = Date.now() + budgetMs;
  const request = requestOf(options, targets);
  const given = await givenArtifacts(options);
  if (!plan.halves.includes('client')) return azureHalf(options, progress, plan, { request, stop, endsAt, given });
  const ports = livePorts(selfCommand());
  const azure: Artifact[] = [];
  const taking = take(
    {
      stop,
      deadline: AbortSignal.timeout(budgetMs),
      ...(plan.keep !== undefined && { keep: plan.keep }),
      // What a person named needs no Azure to be found.
      ...(options.probe && { firstProbes: (facts: Capture) => probesFor({ ...facts, request }, targets) }),
      chooseProbes: async (facts) => {
        const whole = { ...facts, artifacts: [...facts.artifacts, ...given.artifacts], request };
        azure.push(...(await azurePart(whole, options, progress, plan, { ports, stop, endsAt, targets })));
        const probes = probesFor({ ...whole, artifacts: [...whole.artifacts, ...azure] }, targets);
        progress.doing(`probing ${new Set(probes.map(({ target }) => formatAddress(target))).size} addresses`);
        return options.probe ? probes : probes.filter(({ kind }) => kind === 'kernel');
      },
    },
    ports,
  );
  // The system takes its time to tell of itself: long enough for the SDK.
  if (options.azure && plan.halves.includes('azure') && options.azureSnapshot === undefined) void loadAzure();
  const client = await taking;
  stop.throwIfAborted();
  for (const artifact of given.artifacts) await plan.keep?.(artifact);
  return {
    ...client,
    artifacts: [...client.artifacts, ...given.artifacts, ...azure],
    request,
    ...(given.azureTakenAt !== undefined && { azureTakenAt: given.azureTakenAt }),
    ...(given.notes.length > 0 && { notes: given.notes }),
  };
}

interface Surroundings {
  readonly ports: Ports;
  readonly stop: AbortSignal;
  readonly endsAt: number;
  readonly targets: readonly Target[];
}

async function azurePart(
  facts: Capture,
  options: LiveOptions,
  progress: Progress,
  plan: LivePlan,
  { ports, stop, endsAt, targets }: Surroundings,
): Promise<readonly Artifact[]> {
  const { client } = readClient(facts);
  const hints = hintsOf(client);
  if (!options.azure || !plan.halves.includes('azure') || facts.artifacts.some(({ half }) => half === 'azure'))
    return [];
  progress.told(localWord(hints));
  const lookups = await resolve(hints.serverNames, ports);
  const serverAddresses = serverAddressesOf(
    readClient({ ...facts, artifacts: [...facts.artifacts, ...lookups] }).client,
  );
  const found = { ...hints, serverAddresses: [...hints.serverAddresses, ...serverAddresses] };
  const artifacts = await askAzure(options, found, {
    targets: targets.map(({ address }) => address),
    endsAt,
    stop,
    progress,
  });
  const all = [...lookups, ...artifacts];
  for (const artifact of all) await plan.keep?.(artifact);
  return all;
}

async function azureHalf(
  options: LiveOptions,
  progress: Progress,
  plan: LivePlan,
  {
    request,
    stop,
    endsAt,
    given,
  }: { readonly request: CaptureRequest; readonly stop: AbortSignal; readonly endsAt: number; readonly given: Given },
): Promise<Capture> {
  const takenAt = new Date().toISOString();
  const none: Hints = { tunnelAddresses: [], serverAddresses: [], serverNames: [], tunnelPrefixes: [] };
  const artifacts = await askAzure(options, none, { targets: [], endsAt, stop, progress });
  for (const artifact of [...given.artifacts, ...artifacts]) await plan.keep?.(artifact);
  stop.throwIfAborted();
  return {
    takenAt,
    platform: process.platform === 'win32' ? 'windows' : 'linux',
    artifacts: [...given.artifacts, ...artifacts],
    request,
  };
}

function localWord({ tunnelAddresses, tunnelPrefixes }: Hints): string {
  const [address] = tunnelAddresses;
  return address === undefined
    ? 'this computer: no tunnel was recognised'
    : `this computer: tunnel address ${formatAddress(address)}, ${tunnelPrefixes.length} routes into the tunnel`;
}

/** The probes that what is known so far suggests. */
function probesFor(capture: Capture, targets: readonly Target[]): readonly Probe[] {
  const { client } = readClient(capture);
  const { topology } = readTopology(capture.artifacts.filter(({ half }) => half === 'azure'));
  const { endpoint, tunnel, pools, asked } = situationOf(capture, client, topology);
  const expected = endpoint === undefined ? [] : expectRoutes(topology, endpoint, { pools, asked, present: [] });
  return chooseProbes(expected, topology, tunnel?.address, targets);
}

function requestOf(options: LiveOptions, targets: readonly Target[]): CaptureRequest {
  const { gateway, gatewayName, resourceGroup } = options;
  return {
    ...(gateway !== undefined && { gateway }),
    ...(gatewayName !== undefined && { gatewayName }),
    ...(resourceGroup !== undefined && { resourceGroup }),
    ...(targets.length > 0 && { targets: targets.map(({ address }) => address) }),
    ...(!options.azure && { azure: false }),
    ...(!options.probe && { probes: false }),
  };
}

/** Evidence that was handed in: a profile, an Azure half captured elsewhere. */
interface Given {
  readonly artifacts: readonly Artifact[];
  readonly azureTakenAt?: string;
  readonly notes: readonly string[];
}

async function givenArtifacts({ profile, azureSnapshot, maxAge }: LiveOptions): Promise<Given> {
  const profiles =
    profile === undefined
      ? []
      : openCapture([profile]).artifacts.map((artifact): Artifact => ({ ...artifact, half: 'client' }));
  if (azureSnapshot === undefined) return { artifacts: profiles, notes: [] };
  const snapshot = openCapture([azureSnapshot]);
  const azure = snapshot.artifacts.filter(({ half }) => half === 'azure');
  if (azure.length === 0) throw new UserError(`--azure-snapshot: ${azureSnapshot} holds nothing of Azure`);
  const takenAt = snapshot.azureTakenAt ?? snapshot.takenAt ?? undefined;
  if (maxAge !== undefined && takenAt === undefined)
    throw new UserError(`--max-age: ${azureSnapshot} does not say when it was taken`);
  const ageMs = takenAt === undefined ? undefined : Date.now() - Date.parse(takenAt);
  if (maxAge !== undefined && ageMs !== undefined && ageMs > maxAge)
    throw new UserError(`--azure-snapshot: ${azureSnapshot} is ${age(ageMs)} old, more than --max-age allows`);
  const note =
    ageMs === undefined
      ? "Azure's half is a snapshot of unknown age."
      : `Azure's half is a snapshot, ${age(ageMs)} old (${takenAt}).`;
  return { artifacts: [...profiles, ...azure], notes: [note], ...(takenAt !== undefined && { azureTakenAt: takenAt }) };
}

function age(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

/** What the names of VPN servers resolve to here: an answer that a replay needs as well. */
function resolve(names: readonly string[], ports: Ports): Promise<readonly Artifact[]> {
  return Promise.all(
    names.map(async (name) =>
      jsonArtifact(
        { id: `dns-lookup:${name}`, source: 'dns-lookup', startedAt: ports.now().toISOString() },
        await ports.lookup(name),
      ),
    ),
  );
}
