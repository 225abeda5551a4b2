import type { BundleArtifact } from './wire.ts';

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
