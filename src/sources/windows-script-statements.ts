/** A statement of a PowerShell script on one line, and the line of the text it begins on. */
export interface Statement {
  readonly row: string;
  readonly line: number;
}

/** What variables of a script hold, by their names in small letters: the strings of a value or list, in order. */
export type Variables = Map<string, readonly string[]>;

/** The statements of a script: comments gone, continued lines joined, those that a semicolon parts apart. */
export function statementsOf(text: string): readonly Statement[] {
  const lines: { row: string; line: number }[] = [];
  for (const [index, raw] of withoutBlockComments(text).split('\n').entries()) {
    const row = withoutComment(raw.replace(/^\ufeff/, '').trim());
    const last = lines.at(-1);
    if (last !== undefined && goesOn(last.row, row)) last.row = `${last.row.replace(/`$/, '')} ${row}`;
    else lines.push({ row, line: index + 1 });
  }
  return lines.flatMap(({ row, line }) =>
    partsOf(row.replace(/`$/, '')).flatMap((part) => (part === '' ? [] : [{ row: part, line }])),
  );
}

// A backtick ends the line, or a list is still open. A list that is never closed ends where the next statement begins.
function goesOn(above: string, row: string): boolean {
  if (above.endsWith('`')) return true;
  const open = Math.max(above.lastIndexOf('@('), above.lastIndexOf('@{'));
  if (open < 0 || above.length - open > 20_000 || /[)}]/.test(above.slice(open))) return false;
  return !/^(?:Add-Vpn|\$\w+\s*=)/i.test(row);
}

// <# Add-VpnConnectionRoute … #>      the lines keep their numbers
function withoutBlockComments(text: string): string {
  const [first = '', ...rest] = text.split('<#');
  const kept = rest.map((part) => {
    const end = part.indexOf('#>');
    return end < 0 ? `<#${part}` : part.slice(0, end).replace(/[^\n]/g, '') + part.slice(end + 2);
  });
  return first + kept.join('');
}

const piece = /"[^"]*"|'[^']*'|[^"';#]+|./g;

// '10.1.0.0/16',   # spoke 1
function withoutComment(row: string): string {
  let kept = '';
  for (const [part] of row.matchAll(piece)) {
    if (part === '#' && /(?:^|[\s;,{(])$/.test(kept)) break;
    kept += part;
  }
  return kept.trim();
}

function partsOf(row: string): readonly string[] {
  if (row.includes('@{')) return [row];
  const parts = [''];
  for (const [part] of row.matchAll(piece))
    if (part === ';') parts.push('');
    else parts.push((parts.pop() ?? '') + part);
  return parts.map((part) => part.trim());
}

/** Notes what a statement gives a variable, a loop among them. */
export function assign(row: string, variables: Variables): void {
  // $Server = 'azuregateway-….vpn.azure.com'      [string[]]$Routes = "10.1.0.0/16","10.2.0.0/16"
  const [, name = '', value = ''] = /^(?:\[[\w.[\]]{1,40}\]\s*)?\$(\w{1,60})\s*=\s*(.*)$/.exec(row) ?? [];
  // $Hub = @{ Name = 'hub'; ServerAddress = 'azuregateway-….vpn.azure.com' }
  if (value.startsWith('@{')) variables.set(name.toLowerCase(), [argumentsOf(value)]);
  else if (name !== '') give(name, value, variables);
  // foreach ($Route in $Routes) { …
  const [, one, all = ''] = /\bforeach\s*\(\s*\$(\w{1,60})\s+in\s+([^{]{1,5000})\)/i.exec(row) ?? [];
  if (one !== undefined) give(one, all, variables);
  // '10.1.0.0/16', '10.2.0.0/16' | ForEach-Object { …
  const [, piped] = /^([^|{]{1,5000})\|\s*(?:%|foreach)/i.exec(row) ?? [];
  if (piped !== undefined) give('_', piped, variables);
}

// What only a run could tell (`Get-Content routes.txt`) is no value: then the variable stays unresolved, and a route says so.
function give(name: string, value: string, variables: Variables): void {
  const strings = [...value.matchAll(/"([^"]*)"|'([^']*)'|(\$\w{1,60})/g)].flatMap(([, double, single, variable]) =>
    resolved(double ?? single ?? variable ?? '', variables),
  );
  const isPlain = /^@?\(?\s*(?:\[[\w.[\]]{1,40}\])?\s*["'$]/.test(value.trim());
  if (isPlain && strings.length > 0) variables.set(name.toLowerCase(), strings);
  else variables.delete(name.toLowerCase());
}

function argumentsOf(table: string): string {
  const pairs = table.matchAll(/(\w{1,60})\s*=\s*("[^"]*"|'[^']*'|[^\s;}]+)/g);
  return [...pairs].map(([, key, value]) => `-${key} ${value}`).join(' ');
}

/** A statement with the table of arguments in place of its name: `Add-VpnConnection @Hub` */
export function splatted(row: string, variables: Variables): string {
  return row.replace(/(?<=\s)@(\w{1,60})/g, (whole, name: string) => variables.get(name.toLowerCase())?.[0] ?? whole);
}

/** What a value is: a variable's strings, or itself. */
export function resolved(given: string, variables: Variables): readonly string[] {
  return (given.startsWith('$') ? variables.get(given.slice(1).toLowerCase()) : undefined) ?? [given];
}

/** An argument of a cmdlet by its name, as it was written. */
export function argumentOf(row: string, name: string): string | undefined {
  const found = new RegExp(`-${name}[:\\s]\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"';)}|]+))`, 'i').exec(row);
  return found?.[1] ?? found?.[2] ?? found?.[3];
}
