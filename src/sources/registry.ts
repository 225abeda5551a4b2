import { azurevpnXml } from './azurevpn-xml.ts';
import { cmrouteRoutes } from './cmroute-routes.ts';
import { dnsLookup } from './dns-lookup.ts';
import { host } from './host.ts';
import { interfaces } from './interfaces.ts';
import { linuxIpAddr } from './linux-ip-addr.ts';
import { linuxIpRoute } from './linux-ip-route.ts';
import { linuxIpRouteGet } from './linux-ip-route-get.ts';
import { linuxIpRule } from './linux-ip-rule.ts';
import { linuxProcRoute } from './linux-proc-route.ts';
import { linuxSwanctlSas } from './linux-swanctl-sas.ts';
import { linuxTracepath } from './linux-tracepath.ts';
import { linuxTraceroute } from './linux-traceroute.ts';
import { linuxXfrmPolicy } from './linux-xfrm-policy.ts';
import { mtrJson } from './mtr-json.ts';
import { netstatRoutes } from './netstat-routes.ts';
import { linuxNmcli } from './network-manager.ts';
import { openvpnLog } from './openvpn-log.ts';
import { openvpnProfile } from './openvpn-profile.ts';
import type { Source } from './source.ts';
import { strongswanConf } from './strongswan-conf.ts';
import { tcpConnect } from './tcp-connect.ts';
import { vpnSettingsXml } from './vpn-settings-xml.ts';
import { windowsIpconfig } from './windows-ipconfig.ts';
import { windowsNetRoute } from './windows-net-route.ts';
import { windowsNetshRoute } from './windows-netsh-route.ts';
import { windowsNrpt } from './windows-nrpt.ts';
import { windowsPhonebook } from './windows-phonebook.ts';
import { windowsProfileScript } from './windows-profile-script.ts';
import { windowsRasEvents } from './windows-ras-events.ts';
import { windowsRoutePrint } from './windows-route-print.ts';
import { windowsTracert } from './windows-tracert.ts';
import { windowsVpnConnection } from './windows-vpn-connection.ts';

/** Every source there is; a bundle, the evidence and `onlink parse` name them by id. */
export const sources: readonly Source[] = [
  dnsLookup,
  host,
  interfaces,
  linuxIpAddr,
  linuxIpRoute,
  linuxIpRouteGet,
  linuxIpRule,
  linuxNmcli,
  linuxProcRoute,
  linuxSwanctlSas,
  linuxTracepath,
  linuxTraceroute,
  linuxXfrmPolicy,
  mtrJson,
  netstatRoutes,
  openvpnLog,
  openvpnProfile,
  strongswanConf,
  tcpConnect,
  windowsNetRoute,
  windowsVpnConnection,
  windowsPhonebook,
  windowsNrpt,
  windowsRasEvents,
  cmrouteRoutes,
  vpnSettingsXml,
  azurevpnXml,
  windowsProfileScript,
  windowsNetshRoute,
  windowsIpconfig,
  windowsRoutePrint,
  windowsTracert,
];

const byId: ReadonlyMap<string, Source> = new Map(sources.map((source) => [source.id, source]));

/** The source of that public name. */
export function sourceOf(id: string): Source | undefined {
  return byId.get(id);
}

/** Whose text this most likely is, judged by its shape; undefined where no source is surer than not. */
export function recogniseSource(text: string): Source | undefined {
  let best: Source | undefined;
  let certainty = 0.5;
  for (const source of sources) {
    const sure = source.recognise?.(text) ?? 0;
    if (sure > certainty) [best, certainty] = [source, sure];
  }
  return best;
}
