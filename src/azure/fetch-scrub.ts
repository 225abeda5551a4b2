// "radiusServerSecret": "…", "sharedKey": "…", "publicCertData": "MIID…", "vpnUserName": "jane@contoso.example"
const secretField =
  /("[^"\\]*(?:secret|sharedKey|password|authorizationKey|privateKey|publicCertData|userName|accessToken)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

// https://account.blob.core.windows.net/profiles/a.zip?sv=2018-03-28&sr=b&sig=Q29…%3D&se=…
const signedUrl = /(https?:\/\/[^\s"'?]+)\?[^\s"']*\bsig=[^\s"']*/gi;

// Authorization: Bearer eyJ0eXAi…
const bearer = /\bBearer\s+[\w.~+/-]{16,}=*/g;

/** The text with every secret value replaced in place, so that what is stored has the same lines and none of them. */
export function scrub(text: string): string {
  return text.replaceAll(secretField, '$1"***"').replaceAll(signedUrl, '$1?***').replaceAll(bearer, 'Bearer ***');
}
