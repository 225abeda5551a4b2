/** An ARM resource id as Azure wrote it. Compare with `sameResource`: Azure's casing varies. */
export type ResourceId = string;

/** The key of a resource in a topology's tables. */
export function keyOf(id: ResourceId): string {
  return id.toLowerCase();
}

/** Whether two ids name one resource; Azure's casing varies from answer to answer. */
export function sameResource(a: ResourceId | undefined, b: ResourceId | undefined): boolean {
  return a !== undefined && b !== undefined && keyOf(a) === keyOf(b);
}

/** The last segment: the resource's own name. */
export function nameOf(id: ResourceId): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** A segment by the one before it: `segmentOf(id, 'resourceGroups')`. Undefined where the id has none. */
export function segmentOf(id: ResourceId, type: string): string | undefined {
  const parts = id.split('/');
  const at = parts.findIndex((part) => part.toLowerCase() === type.toLowerCase());
  return at < 0 ? undefined : parts[at + 1];
}

/** The id up to and including the given type's name: the VNet of a subnet, the NIC of an ip configuration. */
export function ancestorOf(id: ResourceId, type: string): ResourceId | undefined {
  const parts = id.split('/');
  const at = parts.findIndex((part) => part.toLowerCase() === type.toLowerCase());
  return at < 0 || parts[at + 1] === undefined ? undefined : parts.slice(0, at + 2).join('/');
}
