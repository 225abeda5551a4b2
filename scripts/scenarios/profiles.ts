import { type BundleArtifact, guid } from './wire.ts';

/** VpnSettings.xml; of half `azure` it is what Azure issues now. */
export function vpnSettings(spec: {
  readonly server: string;
  readonly routes: readonly string[];
  readonly pool: readonly string[];
  readonly protocols?: readonly string[];
  readonly half?: 'client' | 'azure';
  readonly gateway?: string;
}): BundleArtifact {
  const text = `<?xml version="1.0" encoding="utf-8"?>
<VpnProfile xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <VpnServer>${spec.server}</VpnServer>
  <VpnType>${(spec.protocols ?? ['IkeV2', 'OpenVPN']).join(',')}</VpnType>
  <Routes>${spec.routes.join(',')}</Routes>
  <Auth>EAPTLS</Auth>
  <VpnClientAddressPool>${spec.pool.join(',')}</VpnClientAddressPool>
  <CustomDnsServers></CustomDnsServers>
</VpnProfile>
`;
  const half = spec.half ?? 'azure';
  return {
    id: half === 'azure' ? 'issued-profile' : 'vpn-settings-xml',
    source: 'vpn-settings-xml',
    half,
    ...(half === 'azure' && { operation: 'virtualNetworkGateways.generateVpnProfile' }),
    ...(spec.gateway !== undefined && { resource: spec.gateway }),
    file: `${half}/VpnSettings.xml`,
    text,
  };
}

/** azurevpnconfig.xml of the Azure VPN Client. */
export function azureVpnConfig(spec: {
  readonly name: string;
  readonly server: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly version?: string;
}): BundleArtifact {
  const route = (text: string) => {
    const [destination = '', mask = ''] = text.split('/');
    return `        <route>\n          <destination>${destination}</destination>\n          <mask>${mask}</mask>\n        </route>`;
  };
  const group = (name: string, routes: readonly string[] | undefined) =>
    routes === undefined ? [] : [`      <${name}>`, ...routes.map(route), `      </${name}>`];
  const custom = [...group('includeroutes', spec.include), ...group('excluderoutes', spec.exclude)];
  const config =
    custom.length === 0
      ? '  <clientconfig i:nil="true" />'
      : ['  <clientconfig>', ...custom, '  </clientconfig>'].join('\n');
  const text = `<?xml version="1.0" encoding="utf-8"?>
<AzVpnProfile xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.datacontract.org/2004/07/">
  <clientauth>
    <aad>
      <audience>${guid('audience', spec.name)}</audience>
      <issuer>https://sts.windows.net/${guid('tenant')}/</issuer>
      <tenant>https://login.microsoftonline.com/${guid('tenant')}/</tenant>
    </aad>
    <type>aad</type>
  </clientauth>
${config}
  <name>${spec.name}</name>
  <protocolconfig>
    <sslprotocolConfig>
      <transportprotocol>tcp</transportprotocol>
    </sslprotocolConfig>
  </protocolconfig>
  <serverlist>
    <ServerEntry>
      <displayname i:nil="true" />
      <fqdn>${spec.server}</fqdn>
    </ServerEntry>
  </serverlist>
  <version>${spec.version ?? '1'}</version>
</AzVpnProfile>
`;
  return { id: 'azurevpn-xml', source: 'azurevpn-xml', half: 'client', file: 'client/azurevpnconfig.xml', text };
}
