/** A list of remote traffic selectors as written, and its line. */
export interface SelectorList {
  readonly text: string;
  readonly line: number;
  /** Traffic that a rule lets by, past every tunnel. */
  readonly exclude: boolean;
}

/** What a file says of one connection; what is secret is not among it. */
export interface ConfiguredConnection {
  readonly name: string;
  readonly server: string | null;
  readonly dnsServers: readonly string[];
  readonly selectors: readonly SelectorList[];
  readonly line: number;
}

// gw1.example, gw2.example      %gw.example: that host, or whoever asks      %any: nobody in particular
export function serverOf(text: string | undefined): string | null {
  const first = (text ?? '').split(/[\s,]+/).find((word) => word !== '');
  return first === undefined || first.startsWith('%any') ? null : first.replace(/^%/, '');
}
