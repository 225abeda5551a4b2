import { Option } from 'commander';
import { UserError } from '../capture/user-error.ts';

/** What a live run is told about Azure, probes and time. */
export interface LiveOptions {
  readonly resourceGroup?: string;
  readonly gatewayName?: string;
  readonly subscription?: string;
  readonly tenant?: string;
  readonly cloud: 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud';
  readonly gateway?: string;
  readonly profile?: string;
  readonly target?: readonly string[];
  readonly azure: boolean;
  readonly probe: boolean;
  readonly login?: 'cli' | 'interactive' | 'device-code';
  readonly armEndpoint?: string;
  readonly timeout?: number;
  readonly azureSnapshot?: string;
  readonly maxAge?: number;
  readonly issueProfile?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export const azureOptions = (): readonly Option[] => [
  new Option('-g, --resource-group <name>', "the gateway's resource group"),
  new Option('-n, --gateway-name <name>', 'the gateway'),
  new Option('--subscription <id>', 'subscription id or name'),
  new Option('--tenant <id>', 'tenant to sign in to'),
  new Option('--cloud <name>', 'which Azure')
    .choices(['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'])
    .default('AzureCloud'),
  new Option('--gateway <id>', "the gateway's resource id, instead of -g and -n").argParser(gatewayId),
  new Option('--login <how>', 'how to sign in; default: whatever is signed in already').choices([
    'cli',
    'interactive',
    'device-code',
  ]),
  new Option('--arm-endpoint <url>', 'another Resource Manager: custom cloud, Azure Stack Hub, test server').argParser(
    httpsUrl,
  ),
  new Option('--timeout <seconds>', 'budget for all waiting (default: 120, with --issue-profile 300)').argParser(
    seconds,
  ),
  new Option('--issue-profile', 'also have Azure generate a fresh profile; that makes a package on the service side'),
];

export const clientOptions = (): readonly Option[] => [
  new Option('--profile <file>', 'a VPN client profile: zip, VpnSettings.xml, azurevpnconfig.xml, .ovpn, routes.txt'),
  new Option('--target <address...>', 'what to probe, IP or IP:PORT (default: machines that Azure names)'),
  new Option('--no-azure', 'do not ask Azure'),
  new Option('--no-probe', 'send no packet'),
  new Option('--azure-snapshot <path>', "Azure's half captured elsewhere"),
  new Option('--max-age <duration>', 'refuse an older snapshot, e.g. 90m, 12h, 7d').argParser(duration),
];

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 1 || value > 86_400)
    throw new UserError(`--timeout: seconds from 1 to 86400, not ${text}`);
  // Timers take whole milliseconds.
  return Math.round(value * 1000) / 1000;
}

// /subscriptions/…/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworkGateways/gw
function gatewayId(text: string): string {
  const shape =
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/(virtualNetworkGateways|p2sVpnGateways)\/[^/]+\/?$/i;
  if (!shape.test(text))
    throw new UserError(
      `--gateway: the resource id of a VPN gateway (/subscriptions/…), not ${text}; for a name use -n`,
    );
  return text.replace(/\/$/, '');
}

function httpsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') throw new UserError(`--arm-endpoint: an https URL, not ${text}`);
  return text.replace(/\/+$/, '');
}

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

function duration(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new UserError(`--max-age: a number and s, m, h or d (12h), not ${text}`);
  return Number(count) * units[unit as keyof typeof units] * 1000;
}
