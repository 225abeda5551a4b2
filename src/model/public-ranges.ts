import type { Address } from '../net/address.ts';
import { covers, setOf } from '../net/address-set.ts';
import { familyOfPrefix, hostPrefix, overlaps, type Prefix, prefix } from '../net/prefix.ts';

/** Ranges that no host on the internet has: private, shared, link-local, loopback, multicast and beyond. */
const nonPublic = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
].map(prefix);

/**
 * Blocks in which the public addresses of Azure's services lie, drawn wide on purpose: an address outside them is no
 * service of Azure, one inside may be. https://www.microsoft.com/download/details.aspx?id=56519
 */
export const azureBlocks = [
  '4.128.0.0/9',
  '9.160.0.0/11',
  '13.64.0.0/10',
  '20.0.0.0/8',
  '23.96.0.0/13',
  '40.64.0.0/10',
  '48.192.0.0/10',
  '50.85.0.0/16',
  '51.0.0.0/8',
  '52.96.0.0/11',
  '52.128.0.0/9',
  '57.128.0.0/9',
  '64.4.0.0/18',
  '64.236.0.0/16',
  '65.52.0.0/14',
  '68.154.0.0/15',
  '68.208.0.0/12',
  '70.37.0.0/16',
  '70.152.0.0/15',
  '70.156.0.0/15',
  '72.144.0.0/12',
  '74.160.0.0/11',
  '74.224.0.0/11',
  '85.210.0.0/15',
  '94.245.64.0/18',
  '98.64.0.0/12',
  '102.37.0.0/16',
  '102.133.0.0/16',
  '104.40.0.0/13',
  '104.146.0.0/15',
  '104.208.0.0/12',
  '108.140.0.0/14',
  '111.221.0.0/16',
  '128.24.0.0/16',
  '128.85.0.0/16',
  '128.203.0.0/16',
  '128.251.0.0/16',
  '130.33.0.0/16',
  '130.107.0.0/16',
  '130.131.0.0/16',
  '130.213.0.0/16',
  '131.145.0.0/16',
  '131.163.0.0/16',
  '131.189.0.0/16',
  '132.164.0.0/16',
  '132.196.0.0/16',
  '132.220.0.0/16',
  '134.33.0.0/16',
  '134.112.0.0/16',
  '134.138.0.0/16',
  '134.149.0.0/16',
  '134.170.0.0/16',
  '135.0.0.0/8',
  '137.116.0.0/15',
  '137.135.0.0/16',
  '138.91.0.0/16',
  '138.239.0.0/16',
  '145.132.0.0/15',
  '145.190.0.0/15',
  '151.206.0.0/16',
  '157.31.0.0/16',
  '157.54.0.0/15',
  '157.56.0.0/14',
  '158.23.0.0/16',
  '158.158.0.0/16',
  '159.27.0.0/16',
  '167.105.0.0/16',
  '168.61.0.0/16',
  '168.62.0.0/15',
  '172.128.0.0/9',
  '191.232.0.0/13',
  '193.149.64.0/19',
  '199.30.16.0/20',
  '204.79.195.0/24',
  '207.46.0.0/16',
  '213.199.128.0/18',
].map(prefix);

/** Whether hosts on the internet may have it. IPv6: the global unicast range. */
export function isPublic(address: Address): boolean {
  return overlapsPublic(hostPrefix(address));
}

/** Whether any part of the prefix is public. */
export function overlapsPublic(wanted: Prefix): boolean {
  if (familyOfPrefix(wanted) === 6) return overlaps(wanted, prefix('2000::/3'));
  return !covers(setOf(nonPublic), setOf([wanted]));
}

/** Whether a public prefix may belong to a service of Azure. IPv6 isn't told apart. */
export function mayBeAzures(wanted: Prefix): boolean {
  return familyOfPrefix(wanted) === 6 ? wanted.length > 16 : covers(setOf(azureBlocks), setOf([wanted]));
}
