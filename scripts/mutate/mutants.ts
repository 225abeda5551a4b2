import { parseSync } from 'oxc-parser';

/** One small fault that could be in a file, and that some test should notice. */
export interface Mutant {
  readonly id: number;
  readonly line: number;
  /** What stands there, and what stands there instead; for people. */
  readonly before: string;
  readonly after: string;
}

/** A file that holds all of its mutants at once: `globalThis.isMutant(id)` says which of them is alive. */
export interface Mutated {
  readonly code: string;
  readonly mutants: readonly Mutant[];
}

/** A node of the syntax tree, as the parser gives it: offsets into the text and children under any key. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly after: string;
}

/** All mutants of a text of TypeScript; they are numbered from `firstId`. */
export function mutate(file: string, text: string, firstId: number): Mutated {
  const { program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);
  const changes = [...changesBelow(program as unknown as Node, text)];
  const mutants = changes.map(({ start, end, after }, index) => ({
    id: firstId + index,
    line: text.slice(0, start).split('\n').length,
    before: text.slice(start, end),
    after,
  }));
  return { code: withChoices(text, changes, firstId), mutants };
}

/**
 * `a < b` becomes `(isMutant(7)?(a <= b):isMutant(8)?(a >= b):(a < b))`. Choices nest: what stands in the last branch may
 * hold further ones.
 */
function withChoices(text: string, changes: readonly Change[], firstId: number): string {
  const heads = new Map<string, string>();
  for (const [index, { start, end, after }] of changes.entries()) {
    const key = `${start}-${end}`;
    heads.set(key, `${heads.get(key) ?? '('}globalThis.isMutant(${firstId + index})?(${after}):`);
  }
  const places = [...heads].map(([key, head]) => {
    const [start = 0, end = 0] = key.split('-').map(Number);
    return { start, end, head };
  });
  // At one place: what ends there closes before what begins there opens; the wider opens first and closes last.
  const pieces = places.flatMap(({ start, end, head }) => [
    { at: start, rank: 1, width: start - end, insert: `${head}(` },
    { at: end, rank: 0, width: end - start, insert: '))' },
  ]);
  pieces.sort((a, b) => a.at - b.at || a.rank - b.rank || a.width - b.width);
  let code = '';
  let from = 0;
  for (const { at, insert } of pieces) {
    code += text.slice(from, at) + insert;
    from = at;
  }
  return code + text.slice(from);
}

function* changesBelow(node: Node, text: string): Generator<Change> {
  for (const after of instead(node, text)) yield { start: node.start, end: node.end, after };
  for (const { start, end } of conditionOf(node)) {
    yield { start, end, after: 'true' };
    yield { start, end, after: 'false' };
  }
  for (const child of childrenOf(node)) yield* changesBelow(child, text);
}

function conditionOf(node: Node): readonly Node[] {
  return node.type === 'IfStatement' || node.type === 'ConditionalExpression' ? [node['test'] as Node] : [];
}

// Types decide nothing at run time; of `x as T` and `x satisfies T` the x does.
const typeKeys: ReadonlySet<string> = new Set(['typeAnnotation', 'typeArguments', 'returnType', 'typeParameters']);

function childrenOf(node: Node): readonly Node[] {
  if (node.type.startsWith('TS') && !('expression' in node)) return [];
  return Object.entries(node)
    .filter(([key]) => !typeKeys.has(key))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

const operators: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '&&': ['||'],
  '||': ['&&'],
};

// A map: an object would answer to `toString` too.
const methods: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
]);

/** Calls that may be left out: what they are called on has the same shape. */
const sieves: ReadonlySet<string> = new Set(['filter', 'slice', 'sort', 'toSorted', 'toReversed', 'reverse', 'trim']);

/** What may stand in place of a node. */
function instead(node: Node, text: string): readonly string[] {
  const of = (key: string) => node[key] as Node;
  const source = ({ start, end }: Node) => text.slice(start, end);
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const [left, right, operator] = [of('left'), of('right'), String(node['operator'])];
      if (operator === '??') return [source(left)];
      return (operators[operator] ?? []).map((other) => `(${source(left)}) ${other} (${source(right)})`);
    }
    case 'UnaryExpression':
      return node['operator'] === '!' ? [source(of('argument'))] : [];
    case 'Literal':
      return typeof node['value'] === 'boolean' ? [String(!node['value'])] : [];
    case 'ArrayExpression':
      return (node['elements'] as readonly unknown[]).length > 0 ? ['[]'] : [];
    case 'CallExpression':
      return insteadOfCall(node, text);
    default:
      return [];
  }
}

function insteadOfCall(node: Node, text: string): readonly string[] {
  const callee = node['callee'] as Node;
  if (callee.type !== 'MemberExpression' || callee['computed'] === true || callee['optional'] === true) return [];
  const [object, property] = [callee['object'] as Node, callee['property'] as Node];
  const name = text.slice(property.start, property.end);
  const other = methods.get(name);
  if (other !== undefined) return [text.slice(node.start, property.start) + other + text.slice(property.end, node.end)];
  return sieves.has(name) ? [text.slice(object.start, object.end)] : [];
}
