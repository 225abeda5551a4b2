import type { TokenCredential } from '@azure/identity';
import { type CloudName, clouds } from './cloud.ts';

type Identity = typeof import('@azure/identity');

/** How to sign in. Everything comes in by value: this file reads neither the environment nor a disk. */
export interface CredentialOptions {
  readonly cloud: CloudName;
  readonly tenant?: string;
  /** Default: whatever is signed in already. Only `interactive` opens a browser, only `device-code` shows a code. */
  readonly login?: 'cli' | 'interactive' | 'device-code';
  /** A bearer token gained elsewhere; it is used as it is and forgotten. */
  readonly accessToken?: string;
  /** For AZURE_CLIENT_ID and its kin, and AZURE_TOKEN_CREDENTIALS. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How long one command line tool may take to hand out a token. */
  readonly processTimeoutMs?: number;
  /** Tells the person the code to type, for `device-code`. */
  readonly prompt?: (message: string) => void;
}

/** A way to sign in that could not be built or failed, and the command that mends it. */
interface Method {
  readonly name: string;
  readonly mend: string;
  readonly build: (identity: Identity) => TokenCredential;
}

/** Says how to sign in, and why each way that was tried did not do. */
class SignInError extends Error {
  override readonly name = 'SignInError';
}

/** A credential that tries the ways to sign in one after the other, and in words which ones. Nothing is loaded or asked before it is used. */
export function credentialFor(options: CredentialOptions): {
  readonly credential: TokenCredential;
  readonly describe: string;
} {
  if (options.accessToken !== undefined && options.accessToken !== '') {
    return { credential: fixedToken(options.accessToken), describe: 'the access token that was handed in' };
  }
  const methods = methodsFor(options);
  return { credential: shared(firstOf(methods)), describe: methods.map(({ name }) => name).join(', then ') };
}

// The service decides when the token ends; an hour keeps the SDK from asking again.
const fixedToken = (token: string): TokenCredential => ({
  getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
});

/** A tool that hands out tokens takes seconds: it is asked once, not once a subscription, and a refusal stays one. */
function shared(credential: TokenCredential): TokenCredential {
  const asked = new Map<string, ReturnType<TokenCredential['getToken']>>();
  return {
    getToken: async (scopes, request) => {
      const key = JSON.stringify([scopes, request?.tenantId, request?.claims]);
      const known = asked.get(key);
      if (known !== undefined) {
        const token = await known;
        if (token !== null && token.expiresOnTimestamp > Date.now() + 60_000) return token;
      }
      const answer = credential.getToken(scopes, request);
      asked.set(key, answer);
      return answer;
    },
  };
}

interface Failure {
  readonly method: Method;
  readonly why: string;
}

function firstOf(methods: readonly Method[]): TokenCredential {
  const built = new Map<Method, TokenCredential>();
  let chosen: Method | undefined;
  const tryOne = async (method: Method, ...asked: Parameters<TokenCredential['getToken']>) => {
    const credential = built.get(method) ?? method.build(await import('@azure/identity'));
    built.set(method, credential);
    const token = await credential.getToken(...asked);
    if (token === null) throw new Error('gave no token');
    chosen = method;
    return token;
  };
  return {
    getToken: async (scopes, request) => {
      const failures: Failure[] = [];
      for (const method of chosen === undefined ? methods : [chosen]) {
        try {
          return await tryOne(method, scopes, request);
        } catch (error) {
          failures.push({ method, why: reasonIn(error) });
        }
      }
      throw new SignInError(inOneLine(failures));
    },
  };
}

const notInstalled = 'not installed';

/** What to do first, then what was tried: `Run az login. Tried Azure CLI (nobody is signed in), …`. */
function inOneLine(failures: readonly Failure[]): string {
  const present = failures.filter(({ why }) => why !== notInstalled);
  const mends = (present.length > 0 ? present : failures.slice(0, 1)).map(({ method }) => method.mend);
  const tried = failures.map(({ method, why }) => `${method.name} (${why})`);
  return `To mend it: ${[...new Set(mends)].join(', or ')}. Tried: ${tried.join(', ')}.`;
}

// What the SDK says where a tool is missing, or where nobody is signed in to it. Its own texts, in English whatever the system.
const absentTool =
  /could(?: not|n't) be found|not installed|ensure that it is installed|is not recognized|unable to execute/i;
const noAccount =
  /please run '?(?:az login|connect-azaccount|azd auth login)|run connect-azaccount to login|not logged in/i;

function reasonIn(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (absentTool.test(message)) return notInstalled;
  if (noAccount.test(message)) return 'nobody is signed in';
  const line = (message.split(/\r?\n/).find((text) => text.trim() !== '') ?? 'failed').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function methodsFor(options: CredentialOptions): readonly Method[] {
  if (options.login === 'cli') return [cli(options)];
  if (options.login === 'interactive') return [interactive(options)];
  if (options.login === 'device-code') return [deviceCode(options)];
  return methodsNamed(options.environment['AZURE_TOKEN_CREDENTIALS']?.trim() ?? '', options);
}

function methodsNamed(choice: string, options: CredentialOptions): readonly Method[] {
  const developer = [cli(options), powerShell(options), developerCli(options)];
  if (choice === '') return [...fromEnvironment(options), ...developer];
  if (choice.toLowerCase() === 'dev') return developer;
  if (choice.toLowerCase() === 'prod') return [...fromEnvironment(options), managedIdentity(options)];
  const byName: Readonly<Record<string, readonly Method[]>> = {
    azureclicredential: [cli(options)],
    azurepowershellcredential: [powerShell(options)],
    azuredeveloperclicredential: [developerCli(options)],
    environmentcredential: fromEnvironment(options),
    workloadidentitycredential: fromEnvironment(options),
    managedidentitycredential: [managedIdentity(options)],
    interactivebrowsercredential: [interactive(options)],
    devicecodecredential: [deviceCode(options)],
  };
  return byName[choice.toLowerCase()] ?? [unknownChoice(choice)];
}

function unknownChoice(choice: string): Method {
  const mend = 'set it to dev, prod, or the name of one credential, such as AzureCliCredential';
  return {
    name: `AZURE_TOKEN_CREDENTIALS=${choice}`,
    mend,
    build: () => {
      throw new Error('not a credential that this program can use');
    },
  };
}

function common({ cloud, tenant, processTimeoutMs }: CredentialOptions) {
  return {
    authorityHost: clouds[cloud].authorityHost,
    processTimeoutInMs: processTimeoutMs ?? 15_000,
    ...(tenant !== undefined && { tenantId: tenant }),
  };
}

const forTenant = (option: string, { tenant }: CredentialOptions): string =>
  tenant === undefined ? '' : ` ${option} ${tenant}`;

// The tools keep one cloud chosen, and hand out no token for another.
const cli = (options: CredentialOptions): Method => ({
  name: 'Azure CLI',
  mend: `${options.cloud === 'AzureCloud' ? '' : `az cloud set --name ${options.cloud} && `}az login${forTenant('--tenant', options)}`,
  build: ({ AzureCliCredential }) => new AzureCliCredential(common(options)),
});

const powerShell = (options: CredentialOptions): Method => ({
  name: 'Azure PowerShell',
  mend: `Connect-AzAccount${options.cloud === 'AzureCloud' ? '' : ` -Environment ${options.cloud}`}${forTenant('-Tenant', options)}`,
  build: ({ AzurePowerShellCredential }) => new AzurePowerShellCredential(common(options)),
});

const developerCli = (options: CredentialOptions): Method => ({
  name: 'Azure Developer CLI',
  mend: `azd auth login${forTenant('--tenant-id', options)}`,
  build: ({ AzureDeveloperCliCredential }) => new AzureDeveloperCliCredential(common(options)),
});

const interactive = (options: CredentialOptions): Method => ({
  name: 'the browser',
  mend: 'finish signing in there, or use --login cli',
  build: ({ InteractiveBrowserCredential }) => new InteractiveBrowserCredential(common(options)),
});

const deviceCode = (options: CredentialOptions): Method => ({
  name: 'a device code',
  mend: 'type the code in time; many tenants forbid device codes: then az login',
  build: ({ DeviceCodeCredential }) =>
    new DeviceCodeCredential({
      ...common(options),
      userPromptCallback: ({ message }) => options.prompt?.(message),
    }),
});

const managedIdentity = ({ environment }: CredentialOptions): Method => ({
  name: 'managed identity',
  mend: 'give this machine an identity',
  build: ({ ManagedIdentityCredential }) => {
    const clientId = environment['AZURE_CLIENT_ID'];
    return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  },
});

/** A service principal or a workload identity, where the variables of one are all set. */
function fromEnvironment(options: CredentialOptions): readonly Method[] {
  const { environment } = options;
  const clientId = environment['AZURE_CLIENT_ID'];
  const tenant = options.tenant ?? environment['AZURE_TENANT_ID'];
  if (clientId === undefined || tenant === undefined) return [];
  const method = (name: string, build: Method['build']): Method => ({
    name,
    build,
    mend: 'check the AZURE_ variables',
  });
  const { authorityHost } = common(options);
  const secret = environment['AZURE_CLIENT_SECRET'];
  const certificatePath = environment['AZURE_CLIENT_CERTIFICATE_PATH'];
  const tokenFilePath = environment['AZURE_FEDERATED_TOKEN_FILE'];
  const methods: Method[] = [];
  if (secret !== undefined) {
    const build = ({ ClientSecretCredential }: Identity) =>
      new ClientSecretCredential(tenant, clientId, secret, { authorityHost });
    methods.push(method('the service principal of the environment', build));
  } else if (certificatePath !== undefined) {
    const password = environment['AZURE_CLIENT_CERTIFICATE_PASSWORD'];
    const certificate = { certificatePath, ...(password !== undefined && { certificatePassword: password }) };
    const build = ({ ClientCertificateCredential }: Identity) =>
      new ClientCertificateCredential(tenant, clientId, certificate, { authorityHost });
    methods.push(method('the service principal of the environment', build));
  }
  if (tokenFilePath !== undefined) {
    const build = ({ WorkloadIdentityCredential }: Identity) =>
      new WorkloadIdentityCredential({ clientId, tenantId: tenant, tokenFilePath, authorityHost });
    methods.push(method('workload identity', build));
  }
  return methods;
}
