// user@host:~$ ip route        [root@gw ~]# ip rule        # after the reboot        ❯ ip addr
const prompt = /^\s*(?:\[?[\w.-]+@[^$#%>]{0,80}|\S{0,40})[$#%>❯➜]\s+(\S.*)$/;
// user@host:~$        ^C        ```        around the answer: nothing typed yet, broken off, or set as code on a page
const idle = /^\s*(?:\^[A-Z]\s*)?(?:(?:\[?[\w.-]+@[^$#%>]{0,80})?[$#%>❯➜]\s*|(?<=\^[A-Z]\s*)|```\w*)$/;
// > default via 192.168.29.1   # 10.1.0.0/16 dev tun0   > 220:	from all lookup 220: quoted or struck out, but data
const data =
  /^(?:default\b|\*|\d|[\da-f]*:|(?:unicast|local|broadcast|multicast|anycast|blackhole|unreachable|prohibit|throw|inet6?|src|dir)\s)/i;

/** Whether a line is the command or a remark pasted along with an answer, not part of the answer. */
export function isPrompt(line: string): boolean {
  const plain = line.trimEnd();
  const rest = prompt.exec(plain)?.[1];
  return rest === undefined ? idle.test(plain) : !data.test(rest);
}
