/** The clouds that this program knows, by the names `az cloud list` gives them. */
export type CloudName = 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud';

/** Where a cloud signs people in and where its Resource Manager listens; the two always change together. */
export interface Cloud {
  readonly authorityHost: string;
  readonly armEndpoint: string;
  readonly scope: string;
}

/** Every cloud by name. */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  AzureCloud: cloud('https://login.microsoftonline.com', 'https://management.azure.com'),
  AzureUSGovernment: cloud('https://login.microsoftonline.us', 'https://management.usgovcloudapi.net'),
  AzureChinaCloud: cloud('https://login.chinacloudapi.cn', 'https://management.chinacloudapi.cn'),
};

function cloud(authorityHost: string, armEndpoint: string): Cloud {
  return { authorityHost, armEndpoint, scope: `${armEndpoint}/.default` };
}
