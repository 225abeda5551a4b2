// user@host:~$ ip route        [root@gw ~]# ip rule        # after the reboot
const prompt = /^\s*(\[?[\w.-]+@[^$#%>]{0,80}|\S{0,40})[$#%>]\s+\S/;

/** Whether a line is the command or a remark pasted along with an answer, not part of the answer. */
export function isPrompt(line: string): boolean {
  return prompt.test(line);
}
