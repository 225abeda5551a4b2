import type { Artifact } from '../facts/capture.ts';

/** Keys whose text is a name somebody chose, in documents of ARM, PowerShell and this program. */
const nameKeys =
  /^(name|displayname|interfacealias|ifalias|connectionname|description|vpnusername|username|computername|hostname|dnssuffix|domainname|domainnamelabel|internaldnsnamelabel|internaldomainnamesuffix|tenant|resourcegroup|resourcegroupname|authorizationname|neighbor(?:name)?|owner|createdby|lastmodifiedby|alias)$/i;

/** Words that Azure, Windows or this program give a meaning: a thing of that name keeps it. */
const reserved = new Set(
  `default gatewaysubnet azurefirewallsubnet azurefirewallmanagementsubnet azurebastionsubnet routeserversubnet defaultroutetable
  noneroutetable allowvnetinbound allowazureloadbalancerinbound denyallinbound allowvnetoutbound allowinternetoutbound denyalloutbound
  succeeded failed updating connected disconnected initiated inuse user static dynamic automatic none null true false internet any
  virtualnetwork virtualnetworkgateway vnetlocal vnetpeering vnetglobalpeering virtualappliance azureloadbalancer ikev2 sstp openvpn
  certificate radius aad vpn expressroute routebased policybased allow deny inbound outbound tcp udp icmp active invalid standard basic
  ethernet wi-fi wlan loopback main local unknown subscriptions resourcegroups providers name id type properties value`.split(
    /\s+/,
  ),
);

/** The names in a capture that somebody chose: resources, connections, users, hosts. Lower case: Azure's casing varies. */
export function namesIn(texts: readonly { readonly artifact: Artifact; readonly text: string }[]): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (name: string) => {
    // securityRules/deny-all, defaultSecurityRules/AllowVnetInBound: the list a rule comes from is no part of its name.
    const lower = name
      .trim()
      .toLowerCase()
      .replace(/^(?:default)?securityrules\//, '');
    if (lower.length > 1 && !reserved.has(lower) && !/^[\d.:/]+$/.test(lower)) names.add(lower);
  };
  for (const { artifact, text } of texts) for (const name of namesOf(artifact, text)) add(name);
  return names;
}

function namesOf(artifact: Artifact, text: string): readonly string[] {
  const ids = [artifact.resource ?? '', ...(text.match(/\/subscriptions\/[^"'\s,;<>\\]+/gi) ?? [])];
  const isJson = /^\s*[[{]\s*["[{\]}]/.test(text);
  const told = isJson ? [...namesOfJson(hasChosenNames(artifact) ? text : 'null')] : foundBy(patterns, text);
  return [...ids.flatMap(namesOfId), ...told, ...foundBy(homes, text)];
}

function foundBy(these: readonly RegExp[], text: string): readonly string[] {
  return these.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name));
}

/** What the kernel prints of itself holds no names but of devices, and those are told by pattern elsewhere. */
export function hasChosenNames({ source }: Pick<Artifact, 'source'>): boolean {
  return !/^(linux-(ip|proc|trace|xfrm)|netstat|mtr|tcp-connect|host|interfaces)/.test(source);
}

// /subscriptions/GUID/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub/subnets/app
function namesOfId(id: string): readonly string[] {
  const parts = id.split('/').slice(1);
  const provider = parts.findIndex((part) => part.toLowerCase() === 'providers');
  const groups = provider < 0 ? parts : parts.slice(0, provider);
  const group = groups.findIndex((part) => part.toLowerCase() === 'resourcegroups');
  const resources = provider < 0 ? [] : parts.slice(provider + 2).filter((_, index) => index % 2 === 1);
  return [...(group < 0 ? [] : [groups[group + 1] ?? '']), ...resources];
}

function namesOfJson(text: string): readonly string[] {
  try {
    return namesBelow(JSON.parse(text), false);
  } catch {
    return [];
  }
}

// A name may stand in a list, and among tags every text is somebody's.
function namesBelow(value: unknown, isName: boolean): readonly string[] {
  if (typeof value === 'string') return isName ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => namesBelow(item, isName && typeof item === 'string'));
  return Object.entries(value).flatMap(([key, inner]) =>
    key.toLowerCase() === 'tags' ? textsBelow(inner) : namesBelow(inner, nameKeys.test(key)),
  );
}

function textsBelow(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsBelow) : [];
}

// C:\Users\ann\ (in JSON with two backslashes) · /home/ann/
const homes: readonly RegExp[] = [/(?:[A-Za-z]:\\+Users\\+|\/home\/)([^\\/\s"'<>:]+)/g];

/** Names in texts: each pattern's first group. */
const patterns: readonly RegExp[] = [
  // [Azure VPN] of a phonebook; not the sections of a configuration file, which are reserved words there
  /^\[([^\]\r\n]{2,80})\]\s*$/gm,
  // <name>hub</name>, <displayname>…
  /<(?:\w+:)?(?:name|displayname|connectionname|tenant|username)>([^<>\r\n]+)</gi,
  // CN=ann, O=Contoso in a certificate's subject
  /\b(?:CN|OU|O|emailAddress)=([^,/'"\r\n]+)/g,
  // ann@laptop:~$ at a prompt
  /^([\w.-]+)@[\w.-]+[:~ ]/gm,
  /^[\w.-]+@([\w.-]+)[:~ ]/gm,
  // azure: #1, ESTABLISHED, IKEv2 (swanctl --list-sas)
  /^([\w.-]+): #\d+, [A-Z]+, IKEv\d/gm,
  // 17...........................Azure P2S (the list of interfaces of route print)
  /^\s*\d+\.{6,}(?!.*\.{3})([^\r\n]*\S)\s*$/gm,
  // Azure VPN:5f2c…:vpn:wlan0:activated (nmcli -t)
  /^((?:[^:\\\r\n]|\\.)+):[0-9a-f]{8}-[0-9a-f-]{27}:/gim,
];
