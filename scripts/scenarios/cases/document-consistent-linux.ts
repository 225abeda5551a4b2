import { documentScenario } from '../document-network.ts';

/** The same on Linux by OpenVPN, with the storage account as a custom route: then it is in the tunnel. */
export const scenario = documentScenario({
  name: 'document-consistent-linux',
  platform: 'linux',
  spoke: '10.1.0.0/16',
  routes: ['10.1.0.0/16'],
  customRoutes: ['104.211.109.42/32'],
  traces: { '10.0.0.4': 'answers', '10.1.0.4': 'answers', '104.211.109.42': 'answers' },
  expected: { verdict: 'ok', findings: [], prefixes: { '104.211.109.42/32': { verdict: 'ok', lostAt: null } } },
});
