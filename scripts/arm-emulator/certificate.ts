import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key and a certificate that signs itself, for one address. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/** Makes a certificate by openssl, good for a day. */
export function makeCertificate(address: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'arm-emulator-'));
  try {
    const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const subject = ['-subj', '/CN=ARM emulator', '-addext', `subjectAltName=IP:${address},DNS:localhost`];
    const files = ['-keyout', keyFile, '-out', certificateFile];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...curve, '-days', '1', ...subject, ...files], { stdio: 'pipe' });
    return { key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(certificateFile, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
