// Each look for a JSON document may go through the whole text: a text full of brackets must not cost its square.
export interface Attempts {
  left: number;
}

export function isJson(text: string): boolean {
  return parsed(text) !== undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// [{"ifindex":1,… of `ip -j`, {"value":[… of ARM. Not the [headings] of a phonebook.
export function jsonFrom(lines: readonly string[], at: number, attempts: Attempts): readonly string[] | undefined {
  const line = lines[at] ?? '';
  if (attempts.left <= 0 || !/^\s*(?:[[{]\s*$|[[{]\s*["[{]|\[\s*\]|\{\s*\})/.test(line)) return undefined;
  const end = endOfJson(lines, at);
  const document = end === undefined ? undefined : withoutComma(lines.slice(at, end + 1));
  const value = document === undefined ? undefined : parsed(document.join('\n'));
  if (value === undefined) attempts.left -= end === undefined ? 3 : 1;
  else if (end === undefined || !isElement(lines, at, end) || hasId(value)) return document;
  return undefined;
}

// `},`: one of a list.
function withoutComma(document: readonly string[]): readonly string[] {
  return [...document.slice(0, -1), (document.at(-1) ?? '').replace(/,\s*$/, '')];
}

/** Whether a document is an element of a list that was cut off before it or after it. */
function isElement(lines: readonly string[], from: number, end: number): boolean {
  const [before = '', last = '', after = ''] = [lines[from - 1], lines[end], lines[end + 1]];
  return /[[,]\s*$/.test(before) || /,\s*$/.test(last) || /^\s*[\]}]/.test(after);
}

/** A resource is whole by itself. A row is not: a table of which some rows were lost shows what it lacks as not there. */
const hasId = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).some((key) => key.toLowerCase() === 'id');

function endOfJson(lines: readonly string[], from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < lines.length; at += 1) {
    depth += depthGained(lines[at] ?? '');
    if (depth <= 0) return at;
  }
  return undefined;
}

// Strings out of the way, what is left of brackets tells the depth. A JSON string never spans lines.
function depthGained(line: string): number {
  const bare = line.includes('"') ? line.replace(/"(?:[^"\\]|\\.)*"/g, '') : line;
  let gained = 0;
  for (let i = 0; i < bare.length; i += 1) gained += bracketDepth[bare[i] as string] ?? 0;
  return gained;
}

const bracketDepth: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };
