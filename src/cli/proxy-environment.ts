/** Variables of a process, to be read and set. */
type Environment = Record<string, string | undefined>;

const proxyNames = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/**
 * Writes the proxy variables as the Azure SDK takes them. To other programs `proxy.corp:3128` is a proxy as well, and
 * `*`, `*.azure.com`, `azure.com` (for the hosts below it) and `host:443` are exceptions; the SDK knows a full URL, and
 * of exceptions only a host's exact name or `.azure.com`. Gives what is wrong with a proxy that cannot be used.
 */
export function settleProxies(environment: Environment): string | undefined {
  const exceptions = (environment['NO_PROXY'] || environment['no_proxy'] || '')
    .split(/[\s,]+/)
    .filter((one) => one !== '');
  if (exceptions.includes('*')) {
    for (const name of proxyNames) delete environment[name];
    return undefined;
  }
  if (exceptions.length > 0) environment['NO_PROXY'] = exceptions.flatMap(exceptionAs).join(',');
  for (const name of proxyNames) {
    const value = environment[name]?.trim();
    if (value === undefined || value === '') continue;
    // proxy.corp:3128, 10.0.0.8:3128, user:word@proxy.corp:3128
    const url = value.includes('://') ? value : `http://${value}`;
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      return `${name} names no http proxy that can be used`;
    environment[name] = url;
  }
  return undefined;
}

function exceptionAs(text: string): readonly string[] {
  const name = text
    .replace(/:\d+$/, '')
    .replace(/^\*?\./, '')
    .toLowerCase();
  return [name, `.${name}`];
}
