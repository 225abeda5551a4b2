/** A resource as ARM writes it. */
export interface WireResource {
  readonly id: string;
  readonly type?: string;
  readonly [field: string]: unknown;
}

/** What can go wrong on purpose. `match` is a part of `METHOD path`, whatever its case; the first fault that matches counts. */
export interface Fault {
  readonly match: string;
  /** How many requests it hits; all of them where absent. */
  readonly times?: number;
  readonly kind:
    | 'forbidden'
    | 'not-found'
    | 'busy'
    | 'throttled'
    | 'unavailable'
    | 'reset'
    | 'truncated'
    | 'html'
    | 'null-body'
    | 'empty-body'
    | 'wrapped'
    | 'at-status-only'
    | 'at-location-only'
    | 'never-ends'
    | 'operation-failed'
    | 'foreign-link'
    | 'proxy-refuses'
    | 'unauthorized'
    | 'silent';
  readonly retryAfter?: number;
}

/** Everything the emulator knows. Actions are keyed by `resourceId/action`; a body is what the action answers in the end. */
export interface Estate {
  readonly resources: readonly WireResource[];
  readonly actions?: Readonly<Record<string, unknown>>;
  readonly subscriptions?: readonly { readonly subscriptionId: string; readonly displayName: string }[];
  readonly faults?: readonly Fault[];
  /** Files by path, for what a signed address points to. Base64. */
  readonly files?: Readonly<Record<string, string>>;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

interface Index {
  readonly resources: ReadonlyMap<string, WireResource>;
  readonly actions: ReadonlyMap<string, unknown>;
  /** Resources that stand on their own under another: by parent and collection. */
  readonly children: ReadonlyMap<string, readonly WireResource[]>;
}

// An estate of thousands is asked thousands of times.
const indexes = new WeakMap<Estate, Index>();

function indexOf(estate: Estate): Index {
  const made = indexes.get(estate);
  if (made !== undefined) return made;
  const lower = Object.entries(estate.actions ?? {}).map(([key, body]) => [key.toLowerCase(), body] as const);
  const index: Index = {
    resources: new Map(estate.resources.map((resource) => [resource.id.toLowerCase(), resource])),
    actions: new Map(lower),
    children: Map.groupBy(estate.resources, ({ id }) => id.slice(0, id.lastIndexOf('/')).toLowerCase()),
  };
  indexes.set(estate, index);
  return index;
}

/** The resource of that id, or the child that stands inside another's document. */
export function findResource(estate: Estate, id: string): unknown {
  return indexOf(estate).resources.get(id.toLowerCase()) ?? findChild(estate, id);
}

// …/virtualNetworks/hub/virtualNetworkPeerings/to-spoke1 stands in the document of …/virtualNetworks/hub
function findChild(estate: Estate, id: string): unknown {
  const [parent, collection] = parentOf(id);
  return childrenOf(estate, parent, collection)?.find((child) => same(String((child as WireResource).id), id));
}

function parentOf(id: string): readonly [string, string] {
  const parts = id.split('/');
  return [parts.slice(0, -2).join('/'), parts.at(-2) ?? ''];
}

function childrenOf(estate: Estate, parent: string, collection: string): readonly unknown[] | undefined {
  const owner = indexOf(estate).resources.get(parent.toLowerCase());
  const properties = (owner?.['properties'] ?? {}) as Record<string, unknown>;
  const key = Object.keys(properties).find((name) => same(name, collection));
  const list = key === undefined ? undefined : properties[key];
  return Array.isArray(list) ? list : undefined;
}

/**
 * The entries a list path stands for: `/subscriptions/S/providers/Microsoft.Network/virtualNetworks`, the same within a
 * resource group, or the children of a resource. Undefined: the path is no list.
 */
export function listResources(estate: Estate, path: string): readonly unknown[] | undefined {
  if (same(path, '/subscriptions')) return subscriptionsOf(estate);
  const scope = /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?)\/providers\/(Microsoft\.\w+\/\w+)$/i.exec(path);
  const [, prefix = '', type = ''] = scope ?? [];
  if (scope !== null) return estate.resources.filter(({ id }) => isWithin(id, prefix, type));
  const cut = path.lastIndexOf('/');
  const [parent, collection] = [path.slice(0, cut), path.slice(cut + 1)];
  if (same(collection, 'connections')) return connectionsOf(estate, parent);
  const separate = indexOf(estate).children.get(path.toLowerCase()) ?? [];
  const isOwner = indexOf(estate).resources.has(parent.toLowerCase());
  return separate.length > 0 ? separate : (childrenOf(estate, parent, collection) ?? (isOwner ? [] : undefined));
}

function isWithin(id: string, prefix: string, type: string): boolean {
  const lower = id.toLowerCase();
  const rest = lower.split(`/providers/${type.toLowerCase()}/`)[1];
  return lower.startsWith(`${prefix.toLowerCase()}/`) && rest !== undefined && !rest.includes('/');
}

function connectionsOf(estate: Estate, gateway: string): readonly unknown[] {
  return estate.resources.filter((resource) => {
    const { virtualNetworkGateway1: one, virtualNetworkGateway2: two } = (resource['properties'] ?? {}) as Record<
      string,
      { readonly id?: string } | undefined
    >;
    return same(one?.id ?? '', gateway) || same(two?.id ?? '', gateway);
  });
}

function subscriptionsOf(estate: Estate): readonly unknown[] {
  const told = estate.subscriptions;
  const ids = new Set(estate.resources.map(({ id }) => id.split('/')[2] ?? ''));
  return (told ?? [...ids].map((subscriptionId) => ({ subscriptionId, displayName: subscriptionId }))).map((entry) => ({
    id: `/subscriptions/${entry.subscriptionId}`,
    ...entry,
    state: 'Enabled',
  }));
}

/** The result of an action, and whether there is such an action. */
export function findAction(estate: Estate, path: string): { readonly body: unknown } | undefined {
  const { actions } = indexOf(estate);
  const key = path.toLowerCase();
  return actions.has(key) ? { body: actions.get(key) } : undefined;
}
