import { expect, test } from 'vitest';
import { credentialFor } from '../../src/azure/credential.ts';

const nobody = { cloud: 'AzureCloud', environment: {} } as const;
const principal = { AZURE_CLIENT_ID: 'id', AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_SECRET: 'hunter2' };

test('a token that is handed in is used as it is, and not named', async () => {
  const { credential, describe } = credentialFor({ ...nobody, accessToken: 'eyJ0' });
  expect((await credential.getToken('scope'))?.token).toBe('eyJ0');
  expect(describe).not.toContain('eyJ0');
});

test.each([
  ['whatever is signed in', {}, 'Azure CLI, then Azure PowerShell, then Azure Developer CLI'],
  ['--login cli', { login: 'cli' }, 'Azure CLI'],
  ['--login device-code', { login: 'device-code' }, 'a device code'],
  [
    'a service principal',
    { environment: principal },
    'the service principal of the environment, then Azure CLI, then Azure PowerShell, then Azure Developer CLI',
  ],
  [
    'dev',
    { environment: { ...principal, AZURE_TOKEN_CREDENTIALS: 'dev' } },
    'Azure CLI, then Azure PowerShell, then Azure Developer CLI',
  ],
  [
    'prod',
    { environment: { ...principal, AZURE_TOKEN_CREDENTIALS: 'prod' } },
    'the service principal of the environment, then managed identity',
  ],
  ['one by name', { environment: { AZURE_TOKEN_CREDENTIALS: 'AzurePowerShellCredential' } }, 'Azure PowerShell'],
  [
    'a workload',
    {
      environment: {
        AZURE_CLIENT_ID: 'id',
        AZURE_TENANT_ID: 't',
        AZURE_FEDERATED_TOKEN_FILE: '/f',
        AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential',
      },
    },
    'workload identity',
  ],
] as const)('%s: tried in this order, and never a browser unasked', (_, options, describe) => {
  expect(credentialFor({ ...nobody, ...options }).describe).toBe(describe);
});

test('a failed sign-in names each way and the command that mends it', async () => {
  const { credential } = credentialFor({ ...nobody, login: 'cli', tenant: 'contoso.example', processTimeoutMs: 2000 });
  await expect(credential.getToken('https://management.azure.com/.default')).rejects.toThrow(
    /To mend it: az login --tenant contoso\.example\. Tried: Azure CLI \(/,
  );
});

test('a choice that nobody knows is told, not skipped', async () => {
  const { credential } = credentialFor({ ...nobody, environment: { AZURE_TOKEN_CREDENTIALS: 'Sesame' } });
  await expect(credential.getToken('scope')).rejects.toThrow('AZURE_TOKEN_CREDENTIALS=Sesame');
});
