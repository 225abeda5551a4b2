import { describe, expect, test } from 'vitest';
import { textWithoutSecrets, withoutSecrets } from '../../src/capture/secrets.ts';

const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const clean = (source: string, text: string) => Buffer.from(withoutSecrets(source, utf8(text))).toString();

describe('a secret is replaced where it stands, and nothing else', () => {
  test.each([
    [
      'azurevpn-xml',
      '<a:serversecret>hush-hush</a:serversecret>\n<fqdn>gw</fqdn>',
      '<a:serversecret>***</a:serversecret>\n<fqdn>gw</fqdn>',
    ],
    ['azurevpn-xml', '<serversecret>hush\r\n hush</serversecret>', '<serversecret>***\r\n***</serversecret>'],
    ['azurevpn-xml', '<serversecret/><x>1</x>', '<serversecret/><x>1</x>'],
    ['vpn-settings-xml', '<VpnSettings><SharedKey>hush</SharedKey>', '<VpnSettings><SharedKey>***</SharedKey>'],
    [
      'openvpn-profile',
      'dev tun\n<key>\n-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n</key>\nverb 3\n',
      'dev tun\n<key>\n***\n***\n***\n</key>\nverb 3\n',
    ],
    [
      'openvpn-profile',
      '<tls-auth>\n#\n# 2048 bit\n#\nhush\n</tls-auth>\n<cert>\nseen\n</cert>',
      '<tls-auth>\n***\n***\n***\n***\n</tls-auth>\n<cert>\nseen\n</cert>',
    ],
    [
      'openvpn-profile',
      '<auth-user-pass>\nann\nhush\n</auth-user-pass>',
      '<auth-user-pass>\n***\n***\n</auth-user-pass>',
    ],
    [
      'openvpn-profile',
      'auth-user-pass login.txt\nauth SHA256\ntls-auth ta.key 1',
      'auth-user-pass login.txt\nauth SHA256\ntls-auth ta.key 1',
    ],
    [
      'openvpn-log',
      "PUSH_REPLY,route 10.1.0.0 255.255.0.0,auth-token hush,peer-id 0'",
      "PUSH_REPLY,route 10.1.0.0 255.255.0.0,auth-token ***,peer-id 0'",
    ],
    [
      'strongswan-conf',
      'secrets {\n  eap-ann {\n    id = ann\n    secret = "hush # hush"\n  }\n  ike-1 { id = gw secret = hush }\n}',
      'secrets {\n  eap-ann {\n    id = ann\n    secret = ***\n  }\n  ike-1 { id = gw secret = *** }\n}',
    ],
    [
      'strongswan-conf',
      '%any gw.test : PSK "hush"\nann : EAP hush\n: RSA key.pem "hush"\n',
      '%any gw.test : PSK ***\nann : EAP ***\n: RSA ***\n',
    ],
    [
      'strongswan-conf',
      'remote_ts = 10.1.0.0/16\nauth = pubkey\nkeyexchange=ikev2',
      'remote_ts = 10.1.0.0/16\nauth = pubkey\nkeyexchange=ikev2',
    ],
    [
      'linux-xfrm-policy',
      'auth-trunc hmac(sha256) 0x00112233445566778899 128\n\tenc cbc(aes) 0x0011223344556677',
      'auth-trunc hmac(sha256) *** 128\n\tenc cbc(aes) ***',
    ],
    ['nmcli', '[vpn-secrets]\npassword=hush\npsk=hush two', '[vpn-secrets]\npassword=***\npsk=***'],
    [
      'arm',
      '{"sharedKey":"hu\\"sh","radiusServerSecret" : "hush","vpnType":"RouteBased"}',
      '{"sharedKey":"***","radiusServerSecret" : "***","vpnType":"RouteBased"}',
    ],
    [
      'arm',
      '{"sharedKey":"","radiusServerSecret":null,"authorizationKey":"hush"}',
      '{"sharedKey":"","radiusServerSecret":null,"authorizationKey":"***"}',
    ],
    ['arm', '{"body":"{\\"sharedKey\\":\\"hush\\",\\"a\\":1}"}', '{"body":"{\\"sharedKey\\":\\"***\\",\\"a\\":1}"}'],
    ['arm', '"https://blob/pkg.zip?sv=1&sig=hu%2Fsh%3D&se=2026"', '"https://blob/pkg.zip?sv=1&sig=***&se=2026"'],
    ['arm', '"https://blob/pkg.zip?sig=hush\\u0026se=2026"', '"https://blob/pkg.zip?sig=***\\u0026se=2026"'],
    ['linux-ip-route', 'Authorization: Bearer abc.def-0123', 'Authorization: Bearer ***'],
    ['anything', 'token eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodXNoIn0.c2lnbmF0dXJl end', 'token *** end'],
    [
      'linux-ip-route',
      '{"k":"-----BEGIN RSA PRIVATE KEY-----\\nhush\\n-----END RSA PRIVATE KEY-----"}',
      '{"k":"-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----"}',
    ],
    ['host', '-----BEGIN EC PRIVATE KEY-----\nhush\nhush', '-----BEGIN EC PRIVATE KEY-----\n***\n***'],
    [
      'host',
      '-----BEGIN CERTIFICATE-----\nseen\n-----END CERTIFICATE-----',
      '-----BEGIN CERTIFICATE-----\nseen\n-----END CERTIFICATE-----',
    ],
    [
      'windows-vpn-connection',
      "Add-VpnConnection -Name 'x' -L2tpPsk 'hush' -Force",
      "Add-VpnConnection -Name 'x' -L2tpPsk *** -Force",
    ],
    [
      'a password of braces and hashes',
      'secrets {\n  eap {\n    secret = hush#hush{hush}hush\n  }\n  ike { secret = hush }\n}',
      'secrets {\n  eap {\n    secret = ***\n  }\n  ike { secret = *** }\n}',
    ],
    ['a connection of NetworkManager', 'psk=hush#{1}hush\r\nid=azure\r\n', 'psk=***\r\nid=azure\r\n'],
    ['a quoted one over two lines', 'secret = "hush\nhush"\nid = ann', 'secret = ***\n***\nid = ann'],
    [
      'nmcli --show-secrets',
      'vpn.secrets:             password = hush\n802-11-wireless-security.psk:   hush\nvpn.user-name:   ann',
      'vpn.secrets:             ***\n802-11-wireless-security.psk:   ***\nvpn.user-name:   ann',
    ],
    ['nmcli without them', 'vpn.secrets:   <hidden>\nwifi.psk:  --', 'vpn.secrets:   <hidden>\nwifi.psk:  --'],
    ['YAML of az', 'routingWeight: 0\nsharedKey: hush\n', 'routingWeight: 0\nsharedKey: ***\n'],
    ['a key store', ': P12 client.p12 "hush"\n', ': P12 ***\n'],
    [
      'a key written out',
      ': RSA {\n\tModulus: 0xAB\n\tPrivateExponent: 0xhush\n\tPrime1: 0xhush\n}',
      ': RSA ***\n\tModulus: 0xAB\n\tPrivateExponent: ***\n\tPrime1: ***\n}',
    ],
    [
      'OpenVPN Connect',
      '11 [auth-token] [hush]\n12 [topology] [subnet]',
      '11 [auth-token] [***]\n12 [topology] [subnet]',
    ],
    ['an OpenVPN log at its most talkative', 'Static Encrypt: CIPHER KEY: 5a hush', 'Static Encrypt: CIPHER KEY: ***'],
    [
      'variables of a script',
      '$psk = \'hush\'\n$pw = ConvertTo-SecureString -String "hush" -AsPlainText\nAdd-VpnConnection x -L2tpPsk $psk',
      '$psk = ***\n$pw = ConvertTo-SecureString -String *** -AsPlainText\nAdd-VpnConnection x -L2tpPsk $psk',
    ],
    [
      'a call over two lines',
      "Add-VpnConnection x -L2tpPsk:'hush' -Force\nAdd-VpnConnection y -L2tpPsk `\n  'hush'\n",
      'Add-VpnConnection x -L2tpPsk:*** -Force\nAdd-VpnConnection y -L2tpPsk `\n  ***\n',
    ],
    [
      'rasdial',
      'rasdial "Azure P2S" ann hush\r\nrasdial Azure /disconnect',
      'rasdial "Azure P2S" ann ***\r\nrasdial Azure /disconnect',
    ],
    [
      'az',
      'az network vpn-connection create -n c --shared-key hush',
      'az network vpn-connection create -n c --shared-key ***',
    ],
    ['an environment', 'export ONLINK_ACCESS_TOKEN=hush', 'export ONLINK_ACCESS_TOKEN=***'],
    ['curl', 'curl -H "Authorization: Basic hush"', 'curl -H "Authorization: Basic ***"'],
    [
      'a URL',
      'https://ann:hush@proxy.test/x https://a.test:8080/b@c',
      'https://ann:***@proxy.test/x https://a.test:8080/b@c',
    ],
    [
      'a storage account',
      'AccountName=a;AccountKey=hush==;EndpointSuffix=x',
      'AccountName=a;AccountKey=***;EndpointSuffix=x',
    ],
    [
      'any element named so',
      '<RadiusSharedSecret>hush</RadiusSharedSecret>',
      '<RadiusSharedSecret>***</RadiusSharedSecret>',
    ],
    [
      'XML in a script',
      '&lt;serversecret&gt;hush&lt;/serversecret&gt;&lt;name&gt;x',
      '&lt;serversecret&gt;***&lt;/serversecret&gt;&lt;name&gt;x',
    ],
    [
      'XML in JSON of PowerShell',
      '"\\u003cserversecret\\u003ehush\\u003c/serversecret\\u003e\\u003cname\\u003ex"',
      '"\\u003cserversecret\\u003e***\\u003c/serversecret\\u003e\\u003cname\\u003ex"',
    ],
    [
      'what only sounds like one',
      'auth-user-pass\nauth-nocache\ntls-auth ta.key 1\nPasswordAuthentication no',
      'auth-user-pass\nauth-nocache\ntls-auth ta.key 1\nPasswordAuthentication no',
    ],
  ])('%s: %j', (source, text, expected) => {
    expect(clean(source, text)).toBe(expected);
    expect(clean(source, text)).not.toContain('hush');
    expect(clean(source, clean(source, text))).toBe(expected);
  });
});

test('a text without secrets is the very same bytes', () => {
  const bytes = utf8('default via 192.168.29.1 dev wlan0\n');
  expect(withoutSecrets('linux-ip-route', bytes)).toBe(bytes);
  expect(withoutSecrets('host', bytes, 'no-such-encoding')).toBe(bytes);
});

test.each(['utf16le', 'utf16be'])('UTF-16 stays what it was: %s', (order) => {
  const encode = (text: string) => {
    const wide = Buffer.from(text, 'utf16le');
    return new Uint8Array(order === 'utf16be' ? wide.swap16() : wide);
  };
  const written = withoutSecrets('azurevpn-xml', encode('\ufeff<v>é</v><serversecret>hush</serversecret>'));
  expect(written).toEqual(encode('\ufeff<v>é</v><serversecret>***</serversecret>'));
});

test('bytes of a code page around a secret are kept', () => {
  const written = withoutSecrets(
    'arm',
    new Uint8Array(Buffer.from('{"n":"\x82\xff","sharedKey":"hush"}', 'latin1')),
    'cp850',
  );
  expect(Buffer.from(written).toString('latin1')).toBe('{"n":"\x82\xff","sharedKey":"***"}');
});

test('our own messages are cleaned too', () => {
  expect(textWithoutSecrets('GET https://x/y?sig=hush failed')).toBe('GET https://x/y?sig=*** failed');
});
