/** A command line worth copying, and what it is for. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

const example = (line: string, does: string): Example => ({ line, does });

/** Examples by command; `--help` and the man page show them. */
export const examples: Readonly<Record<string, readonly Example[]>> = {
  diagnose: [
    example('onlink', 'this computer and its Azure, with whatever is signed in'),
    example('onlink -g rg-network -n vpn-gateway', 'the gateway by name, where it is not found by itself'),
    example('onlink --no-azure --profile vpnclient.zip', 'without Azure: against the profile that was handed out'),
    example('onlink --target 10.1.0.4:443 --save tuesday', 'probe this machine, and keep the evidence'),
    example('onlink -o html --output-file report.html', 'one file to look at and to send'),
    example('onlink --accept stray-route=10.9.0.0/16', 'a deliberate difference: listed, but no finding'),
  ],
  capture: [
    example('onlink capture mine --half client', 'on the laptop, without any right in Azure'),
    example('onlink capture theirs --half azure -g rg-network -n vpn-gateway', 'anywhere, by somebody who may read it'),
  ],
  replay: [
    example('onlink replay mine theirs', 'two halves joined'),
    example('onlink replay ticket/', 'a folder of pasted route prints, traces, az answers, profiles'),
    example('onlink replay bundle -o markdown', 'for a ticket'),
  ],
  explain: [
    example('onlink explain 10.1.0.4', 'the story of one packet'),
    example('onlink explain 10.1.0.4 10.2.0.4 --from bundle -o json', 'two of them, out of a bundle, for a script'),
  ],
  parse: [
    example('onlink parse --list', 'every source by name'),
    example('route print | onlink parse windows-route-print', 'from a pipe'),
    example('onlink parse windows-route-print saved.txt --encoding cp850', 'a file in a console code page'),
  ],
  causes: [example('onlink causes', 'the catalogue'), example('onlink causes hub-transit-off', 'one of them')],
  rights: [example('onlink rights -o json --subscription ID > role.json', 'for az role definition create')],
  verify: [
    example('onlink verify hub-transit-off --from bundle', 'after the change: is that finding gone?'),
    example('onlink verify client-profile-stale 10.1.0.0/16', 'of one prefix, from a fresh look'),
  ],
  'what-if': [
    example(
      'onlink what-if --from bundle --set spoke/to-hub.useRemoteGateways=true',
      'a flag of one half of a peering',
    ),
    example("onlink what-if --set 'gw.customRoutes+=10.9.0.0/16'", 'one more custom route'),
    example(
      'onlink what-if --set hub.peer=spoke3 --set hub/hub-to-spoke3.allowGatewayTransit=true --set spoke3/spoke3-to-hub.useRemoteGateways=true',
      'a new peering with transit',
    ),
    example('onlink what-if --set gw.vpnClientAddressPool=172.16.60.0/24', 'another pool: who needs what'),
    example('onlink what-if --set rt-spoke.disableBgpRoutePropagation=false', 'the way back'),
  ],
  redact: [
    example('onlink redact bundle for-vendor', 'names, ids, users and public addresses replaced'),
    example('onlink redact bundle for-vendor --addresses', 'private addresses too'),
  ],
  completion: [
    example('onlink completion bash > ~/.local/share/bash-completion/completions/onlink', 'bash, for good'),
    example('onlink completion zsh > ~/.zfunc/_onlink', 'zsh, with ~/.zfunc in fpath'),
    example('onlink completion fish > ~/.config/fish/completions/onlink.fish', 'fish'),
    example('onlink completion powershell | Out-String | Invoke-Expression', 'PowerShell, in the profile'),
  ],
};

/** The examples of a command as `--help` ends with them. */
export function examplesHelp(command: string): string {
  const lines = (examples[command] ?? []).flatMap(({ line, does }) => [`  ${line}`, `      ${does}`]);
  return lines.length === 0 ? '' : ['', 'Examples:', ...lines].join('\n');
}
