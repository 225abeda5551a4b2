import type { Platform } from '../facts/capture.ts';

/** Files of a VPN client in their well-known places. None found is an answer: `absent`. */
export interface FileQuestion {
  readonly source: string;
  readonly places: readonly FilePlace[];
}

/** A file, or the files below a folder whose names fit. `folder` begins with a variable of `PlaceNames`. */
export interface FilePlace {
  readonly folder: readonly string[];
  readonly names: RegExp;
  /** How many folders below are looked into. */
  readonly depth: number;
}

/** The folders of this user and machine that places start from. On a system without one of them, its places are skipped. */
export type PlaceNames = 'etc' | 'varLog' | 'home' | 'appData' | 'localAppData' | 'programData' | 'programFiles';

const below = (depth: number, names: RegExp, ...folder: readonly string[]): FilePlace => ({ folder, names, depth });

const linuxFiles: readonly FileQuestion[] = [
  {
    source: 'strongswan-conf',
    places: [
      below(3, /\.conf$/, 'etc', 'swanctl'),
      below(0, /^ipsec\.conf$/, 'etc'),
      below(0, /\.conf$/, 'etc', 'ipsec.d'),
      below(3, /\.conf$/, 'etc', 'strongswan', 'swanctl'),
      below(0, /^ipsec\.conf$/, 'etc', 'strongswan'),
    ],
  },
  { source: 'openvpn-profile', places: [below(3, /\.(ovpn|conf)$/, 'etc', 'openvpn')] },
  {
    source: 'openvpn-log',
    places: [
      below(3, /\.log$/, 'etc', 'openvpn'),
      below(1, /\.log$/, 'varLog', 'openvpn'),
      below(0, /^openvpn.*\.log$/, 'varLog'),
    ],
  },
];

const connections = ['Microsoft', 'Network', 'Connections'];
const azureVpn = ['localAppData', 'Packages', 'Microsoft.AzureVpn_8wekyb3d8bbwe', 'LocalState'];

const windowsFiles: readonly FileQuestion[] = [
  {
    source: 'windows-phonebook',
    places: [
      below(0, /\.pbk$/i, 'appData', ...connections, 'Pbk'),
      below(0, /\.pbk$/i, 'programData', ...connections, 'Pbk'),
      below(2, /\.pbk$/i, 'appData', ...connections, 'Cm'),
      below(2, /\.pbk$/i, 'programData', ...connections, 'Cm'),
      below(1, /\.pbk$/i, ...azureVpn),
    ],
  },
  {
    source: 'cmroute-routes',
    places: [
      below(2, /^routes.*\.txt$/i, 'appData', ...connections, 'Cm'),
      below(2, /^routes.*\.txt$/i, 'programData', ...connections, 'Cm'),
    ],
  },
  { source: 'azurevpn-xml', places: [below(2, /(\.xml|^AzureVpnProfile[^.]*)$/i, ...azureVpn)] },
  {
    source: 'openvpn-profile',
    places: [
      below(2, /\.ovpn$/i, 'home', 'OpenVPN', 'config'),
      below(2, /\.ovpn$/i, 'programFiles', 'OpenVPN', 'config'),
      below(1, /\.ovpn$/i, 'appData', 'OpenVPN Connect', 'profiles'),
    ],
  },
  {
    source: 'openvpn-log',
    places: [below(1, /\.log$/i, 'home', 'OpenVPN', 'log'), below(1, /\.log$/i, 'programFiles', 'OpenVPN', 'log')],
  },
];

/** What is looked for on the disk. */
export function fileQuestions(platform: Platform): readonly FileQuestion[] {
  return platform === 'windows' ? windowsFiles : linuxFiles;
}
