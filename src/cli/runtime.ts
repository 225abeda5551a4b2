import packageJson from '../../package.json' with { type: 'json' };

const oldest = packageJson.engines.node.replace('>=', '');

/** What to tell somebody whose Node lacks what this program is built on; it would fail somewhere in the middle instead. */
export function tooOld(node: string): string | undefined {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `this is Node ${node}; onlink needs Node ${oldest} or later`;
}
