/** What a file says of one connection; what is secret is not among it. */
export interface ConfiguredConnection {
  readonly name: string;
  readonly server: string | null;
  readonly dnsServers: readonly string[];
  /** Lists of remote traffic selectors, with their lines. */
  readonly selectors: readonly { readonly text: string; readonly line: number }[];
  readonly line: number;
}
