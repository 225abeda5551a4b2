/** The command line at a prompt, cut into words; undefined where the line is none of a command we know. */
export function promptedCommand(line: string): readonly string[] | undefined {
  const root = /^\s*#\s*(\S.*)$/.exec(line)?.[1];
  if (root !== undefined) return isRootCommand(root.trim()) ? root.trim().split(/\s+/) : undefined;
  // C:\Users\ann>route print · PS C:\> Get-NetRoute · PS /home/ann> az … · PS Azure:\> az … · ann@laptop:~$ ip route · [root@pc ~]# ip rule · $ traceroute -n 10.1.0.4
  const found =
    /^\s*(?:(?:PS )?[A-Za-z]:\\|PS (?:\/|[A-Za-z]+:))[^<>|"]*>\s*(\S.*)$/.exec(line)?.[1] ??
    /^\s*(?:PS>|(?:[\w.-]+@[\w.-]+[^$#%]{0,80}|\[[^\]]{1,80}\]|\([\w.-]+\)\s*)?[$#%>❯])\s*(\S.*)$/.exec(line)?.[1];
  const words = found?.trim().split(/\s+/) ?? [];
  // $ip = '10.1.0.4' of a script
  return commands.test(words[0] ?? '') && !words[1]?.startsWith('=') ? words : undefined;
}

const commands =
  /^(?:route|netstat|tracert|ip|ifconfig|traceroute6?|tracepath6?|mtr|az|swanctl|ipsec|nmcli|netsh|ipconfig|cat|type|sudo|busybox|powershell|pwsh|get-\w+|find-\w+|test-\w+|ping|curl|rasdial)(?:\.exe)?$/i;

/**
 * Whether what follows a bare `#` is typed by root or told by a comment: `# ip route show` or `# ip route of the hub`,
 * `# route -n` or `#route 10.8.0.0 255.255.0.0` in an .ovpn.
 */
function isRootCommand(line: string): boolean {
  const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
  if (name === 'sudo' || name === 'busybox') return isRootCommand(rest.replace(/^(?:-\S+\s+)+/, ''));
  return rootCommands.some(([names, wanted]) => names.test(name) && wanted.test(rest));
}

const rootCommands: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^ip$/,
    /^(?:-\S+\s+)*(?:ro?|route|ru|rule|a|addr|address|l|link|x|xfrm|n|neigh)(?:\s+(?:s|sh|show|l|ls|list|get|state|policy|table|dev)\b.*)?$/,
  ],
  [/^route$/, /^(?:-.*|(?:print|get|show)\b.*)?$/],
  [/^(?:netstat|ifconfig)$/, /^(?:-.*|\S*\d)?$/],
  [/^(?:traceroute6?|tracepath6?|mtr|ping6?)$/, /^(?:-\S.*|\S+[.:]\S+)$/],
  [/^swanctl$/, /^-/],
  [/^ipsec$/, /^status(?:all)?\b/],
  [/^nmcli$/, /^(?:-|c|con|connection|d|dev|device)\b/],
  [/^cat$/, /^\S*[/.]\S*$/],
  [/^az$/, /^(?:network|account|rest)\s/],
];
