/** Whether any rule below could apply: most texts are done after this one look. */
const maybeNamed =
  /secret|psk|pass|key|token|pin\b|ntlm|xauth|\beap\b|\benc\b|\bauth|aead|rasdial|\b(?:rsa|ecdsa|eddsa|bliss|p12|pkcs8)\b/i;

/** What stands in a secret's place. */
export const mask = '***';

const jsonNames =
  '(?:[\\w-]*(?:secret|sharedKey|preSharedKey|psk|authorizationKey|privateKey|password|passphrase|access_?token|refresh_?token' +
  '|id_?token|sasToken|accountKey|customData|protectedSettings|connectionString))';

// The names of a file with `name = value` or `name: value`.
const lineNames =
  '(?:[\\w.-]*(?:secrets?|psk|password|passphrase|private-?key|presharedkey|sharedkey|shared-key|token)|secret[\\w-]*|password[\\w-]*|pre-shared-key|pin)';

// What follows goes whole, comments too: `#` and braces are letters of a password. Braces that end the line stay.
const restOfLine = '(?=[^\\s}])(?:"(?:[^"\\r\\n]*\\r?\\n){1,5}?[^"\\r\\n]*")?(?:[^\\r\\n]*[^\\s}])?';

const literal = `(?:'[^'\\r\\n]*'|"[^"\\r\\n]*"|[^\\s'"$\`][^\\s]*)`;

/** Secrets told by their names: before the value, the value. */
const named: readonly RegExp[] = [
  // "radiusServerSecret": "s3cret"
  new RegExp(`("${jsonNames}"\\s*:\\s*")(?:[^"\\\\\\r\\n]|\\\\.)+`, 'gi'),
  // {\"sharedKey\":\"s3cret\"}: JSON that is itself a JSON string
  new RegExp(`(\\\\"${jsonNames}\\\\"\\s*:\\s*\\\\")(?:[^"\\\\\\r\\n]|\\\\\\\\.)+`, 'gi'),
  // auth-token SESS_ID_AT_… in an .ovpn, its log, and PUSH_REPLY,…,auth-token …, · OpenVPN Connect: 7 [auth-token] [SESS_ID…]
  /\b(auth-token(?:-user)?(?:\s+|\] \[))[^\s,'\]]+/g,
  // Outgoing Data Channel: CIPHER KEY: 5a6f… · MANAGEMENT: CMD 'password "Auth" "s3cret"'
  /\b((?:CIPHER|HMAC) KEY: |CMD 'password )(?!\[\.)[^\r\n]+/g,
  // secret = "Ar3etTnp" (swanctl.conf), password=… and psk=… (NetworkManager), PrivateKey = … (WireGuard), export X_TOKEN=…
  new RegExp(
    `^((?:[ \\t]*[\\w.-]+\\s*\\{)*[ \\t]*(?:export |set |\\$env:)?${lineNames}[ \\t]*=[ \\t]*)${restOfLine}`,
    'gim',
  ),
  // vpn.secrets:   password = s3cret · 802-11-wireless-security.psk:  s3cret (nmcli --show-secrets) · sharedKey: s3cret (YAML)
  new RegExp(`^([ \\t]*${lineNames}[ \\t]*:[ \\t]*)(?!<hidden>|--$)${restOfLine}`, 'gim'),
  // eap-ann { id = ann  secret = "x" } on one line
  /([{\s;](?:secret|pin)[ \t]*=[ \t]*)(?:"[^"\r\n]*"?|[^\s{}#"*]+)/g,
  // %any gw : PSK "x", ann : EAP 0x1234, : RSA key.pem "x" (ipsec.secrets)
  /^([^\r\n#]*?:\s*(?:PSK|EAP|NTLM|XAUTH|PIN|RSA|ECDSA|EDDSA|BLISS|PKCS8|P12)[ \t]+)(?:"(?:[^"\r\n]*\r?\n){0,5}?[^"\r\n]*")?[^\r\n]*/gm,
  // PrivateExponent: 0x…, a key written out in ipsec.secrets
  /^([ \t]*(?:PrivateExponent|Prime[12]|Exponent[12]|Coefficient)[ \t]*:[ \t]*)\S+/gim,
  // enc cbc(aes) 0x00ff…, auth-trunc hmac(sha256) 0x… 128, aead rfc4106(gcm(aes)) 0x… (ip xfrm state)
  /\b((?:enc|auth|auth-trunc|aead|comp)\s+\S+\s+)0x[0-9a-f]{8,}/gi,
  // -L2tpPsk 'x' in a profile script, --shared-key x of az
  new RegExp(
    `((?<![\\w-])--?(?:[\\w-]*(?:password|secret|psk|shared-?key)|access-token|sas-token|account-key)(?:\\s*[:=]\\s*|\\s+(?:\`\\s*)?)(?:\\$\\(\\s*)?)${literal}`,
    'gi',
  ),
  // $psk = 'x' and ConvertTo-SecureString 'x' of a script
  new RegExp(
    `(\\$\\w{0,60}(?:psk|secret|password|passphrase|sharedkey|token)\\w{0,60}\\s*=\\s*)(?=['"])${literal}`,
    'gi',
  ),
  new RegExp(`(\\bConvertTo-SecureString\\s+(?:-String\\s+)?)(?!-)${literal}`, 'gi'),
  // rasdial "Azure P2S" ann s3cret
  /(\brasdial(?:\.exe)?[ \t]+(?:"[^"\r\n]*"|[^\s/"]\S*)[ \t]+(?:"[^"\r\n]*"|[^\s/"]\S*)[ \t]+)(?:"[^"\r\n]*"|[^\s/"]\S*)/gi,
];

/** A text with each value told by its name as secret replaced; one that spans lines leaves as many. */
export function withoutNamed(text: string): string {
  if (!maybeNamed.test(text)) return text;
  return named.reduce(
    (kept, pattern) =>
      kept.replace(pattern, (whole, before: string) => before + maskedLines(whole.slice(before.length))),
    text,
  );
}

/** Each line of a secret becomes the mask; an empty one stays empty. */
export function maskedLines(block: string): string {
  return block.replace(/[^\r\n]*[^\s][^\r\n]*/g, mask);
}
