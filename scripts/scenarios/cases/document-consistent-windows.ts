import { documentScenario, storageOutside } from '../document-network.ts';

/** The document's network with the spoke its routes show: nothing is wrong, and the storage account is reached outside the tunnel. */
export const scenario = documentScenario({
  name: 'document-consistent-windows',
  platform: 'windows',
  spoke: '10.1.0.0/16',
  routes: ['10.1.0.0/16'],
  traces: { '10.0.0.4': 'answers', '10.1.0.4': 'answers', ...storageOutside },
  expected: {
    verdict: 'ok',
    findings: ['public-service-not-advertised'],
    prefixes: { '10.1.0.0/16': { verdict: 'ok', lostAt: null } },
  },
});
