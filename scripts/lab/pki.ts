import { writeFile } from 'node:fs/promises';
import { run } from './hosts.ts';

/** The name in the gateway's certificate, shaped as Azure names its gateways. */
export const gatewayName = 'azuregateway-lab.vpn.azure.test';
/** The name in the client's certificate. */
export const clientName = 'p2sclient';

/** Where the certificates of one run lie: on the enclosure's memory disk, never on the machine's. */
export type Pki = {
  readonly root: string;
  readonly certificateOf: (who: 'gateway' | 'client') => string;
  readonly keyOf: (who: 'gateway' | 'client') => string;
};

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Makes a root certificate and one certificate for each end of the tunnel. */
export async function createPki(directory: string): Promise<Pki> {
  const pki: Pki = {
    root: `${directory}/root.crt`,
    certificateOf: (who) => `${directory}/${who}.crt`,
    keyOf: (who) => `${directory}/${who}.key`,
  };
  const rootKey = `${directory}/root.key`;
  await openssl(
    ['req', '-x509', ...curve, '-keyout', rootKey, '-out', pki.root, '-days', '2', '-subj', '/CN=P2SRoot'],
    ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=keyCertSign,cRLSign'],
  );
  await issue('gateway', gatewayName, 'serverAuth');
  await issue('client', clientName, 'clientAuth');
  return pki;

  async function issue(who: 'gateway' | 'client', name: string, usage: string): Promise<void> {
    const request = `${directory}/${who}.csr`;
    const extensions = `${directory}/${who}.ext`;
    await writeFile(extensions, `extendedKeyUsage=${usage}\nsubjectAltName=DNS:${name}\nkeyUsage=digitalSignature\n`);
    await openssl(['req', ...curve, '-keyout', pki.keyOf(who), '-out', request, '-subj', `/CN=${name}`], []);
    await openssl(
      ['x509', '-req', '-in', request, '-CA', pki.root, '-CAkey', rootKey, '-CAcreateserial', '-days', '2'],
      ['-extfile', extensions, '-out', pki.certificateOf(who)],
    );
  }
}

async function openssl(first: readonly string[], second: readonly string[]): Promise<void> {
  await run(undefined, ['openssl', ...first, ...second]);
}
