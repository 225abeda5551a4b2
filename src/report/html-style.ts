/** The page's look, in light, in dark and on paper. Every pair of colours has a contrast of at least 4.5 to 1. */
export const style = `
:root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--faint:#57606a;--rule:#c9d1d9;--card:#f6f8fa;
--good:#116329;--good-bg:#dff5e3;--bad:#a40e26;--bad-bg:#ffe3e0;--doubt:#7a4d00;--doubt-bg:#fff1c7;--dull-bg:#eceff2;--link:#0550ae;--tunnel:#0550ae;--tunnel-bg:#d6e8ff}
@media(prefers-color-scheme:dark){:root{--page:#0d1117;--ink:#e6edf3;--faint:#a3adb8;--rule:#3a424c;--card:#161b22;
--good:#7ee2a0;--good-bg:#10331c;--bad:#ffaba3;--bad-bg:#4a1417;--doubt:#f2cc60;--doubt-bg:#3a2c05;--dull-bg:#21262d;--link:#79c0ff;--tunnel:#a5d2ff;--tunnel-bg:#0f2f57}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,"Segoe UI",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;margin:0}h2{font-size:1.25rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--rule)}h3{font-size:1.05rem;margin:0 0 .25rem}h4{font-size:.95rem;margin:.75rem 0 .25rem}
p{margin:.35rem 0}ul,ol{margin:.25rem 0;padding-left:1.4rem}small,.faint,.legend,figcaption,.code,.place,.shell{color:var(--faint)}small,.legend{font-size:.85rem}
code,pre{font-family:ui-monospace,Consolas,"DejaVu Sans Mono",monospace;font-size:.9em;unicode-bidi:isolate}
pre{margin:.25rem 0;padding:.4rem .6rem;background:var(--card);border-left:3px solid var(--rule);white-space:pre-wrap}
pre.command{border-left-color:var(--link)}a{color:var(--link)}
.verdict{padding:1rem;border-left:.5rem solid;border-radius:.25rem}.verdict p{font-size:1.15rem}
.verdict.ok{background:var(--good-bg);border-color:var(--good)}.verdict.ok h1{color:var(--good)}
.verdict.broken{background:var(--bad-bg);border-color:var(--bad)}.verdict.broken h1{color:var(--bad)}
.verdict.undetermined{background:var(--doubt-bg);border-color:var(--doubt)}.verdict.undetermined h1{color:var(--doubt)}
.bundled{padding:.4rem .8rem;border:1px dashed var(--rule)}
.facts,.about{margin:.75rem 0}.facts div,.about div{display:grid;grid-template-columns:7rem 1fr;gap:.5rem}dt{font-weight:600}dd{margin:0}.about dt{font-weight:400;color:var(--faint)}
.legend span{display:inline-block;margin-right:.9rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:left;color:var(--faint);padding:.25rem 0}
th,td{border:1px solid var(--rule);padding:.3rem .4rem;vertical-align:top}thead th{background:var(--card);font-size:.82rem;overflow-wrap:normal}tbody th{text-align:left;font-weight:400;min-width:9rem}
tbody th small{display:block}.rung{text-align:center;white-space:nowrap}.rung .name{display:none}.mark{font-weight:700}.word{display:block;font-size:.75rem;white-space:normal;overflow-wrap:normal}
.held{background:var(--good-bg);color:var(--good)}.lost,.partial{background:var(--bad-bg);color:var(--bad)}.unknown{background:var(--doubt-bg);color:var(--doubt)}.not-applicable{background:var(--dull-bg);color:var(--faint)}
.first{outline:3px solid var(--bad);outline-offset:-3px;font-weight:700}.outcome{font-weight:600}
tr.broken .outcome{color:var(--bad)}tr.ok .outcome{color:var(--good)}tr.undetermined .outcome{color:var(--doubt)}
.finding{margin:1rem 0;padding:.8rem 1rem;border:1px solid var(--rule);border-left:.4rem solid var(--rule);border-radius:.25rem}
.finding.error{border-left-color:var(--bad)}.finding.warning{border-left-color:var(--doubt)}.severity{font-size:.8rem;padding:.1rem .4rem;border-radius:.2rem;background:var(--dull-bg)}
.error .severity{background:var(--bad-bg);color:var(--bad)}.warning .severity{background:var(--doubt-bg);color:var(--doubt)}
.fix{margin:.75rem 0 0;padding:.1rem .8rem .5rem;background:var(--card);border:1px solid var(--rule);border-radius:.25rem}.fix pre{background:var(--page)}.shell{margin:.4rem 0 0;font-size:.8rem}
details{margin:.35rem 0}summary{cursor:pointer}details[open]>summary{margin-bottom:.3rem}.evidence{list-style:"– ";padding-left:1rem}.evidence li{margin:.3rem 0}
.scroll{overflow-x:auto;border:1px solid var(--rule);border-radius:.25rem;background:var(--card)}.map{display:block;margin:0 auto}
.map text{font:12px ui-monospace,Consolas,"DejaVu Sans Mono",monospace;fill:var(--ink)}.map .title{font-size:13px;font-weight:700}.map .state{font-weight:700;text-anchor:end}
.box rect{fill:var(--page);stroke:var(--faint);stroke-width:1.5}.box.broken rect{stroke:var(--bad);stroke-width:2.5;stroke-dasharray:6 3}.box.ok rect{stroke:var(--good)}.box.undetermined rect{stroke:var(--doubt);stroke-dasharray:2 3}
.box.broken .state{fill:var(--bad)}.box.ok .state{fill:var(--good)}.box.undetermined .state{fill:var(--doubt)}
.link{fill:none;stroke:var(--good);stroke-width:2.5}.link.broken{stroke:var(--bad);stroke-dasharray:9 5}.link.undetermined{stroke:var(--doubt);stroke-dasharray:2 4}.link.not-expected{stroke:var(--faint);stroke-width:1}
.fault rect{fill:var(--bad-bg);stroke:var(--bad);stroke-width:1.5}.fault text{fill:var(--bad);font-weight:700;text-anchor:middle}.faults{list-style:none;padding:0}.faults b{color:var(--bad)}
.strip{margin:.9rem 0}.strip figcaption code{color:var(--ink);font-weight:700}.row{display:grid;grid-template-columns:9.5rem 1fr;align-items:center}.row .name{font-size:.8rem;color:var(--faint)}
.line{position:relative;height:1.7rem;background:repeating-linear-gradient(90deg,transparent 0 7px,var(--dull-bg) 7px 8px)}
.bar{position:absolute;top:.1rem;bottom:.1rem;padding:0 .3rem;overflow:hidden;white-space:nowrap;text-overflow:ellipsis;font:.75rem/1.45rem ui-monospace,Consolas,"DejaVu Sans Mono",monospace;border:1px solid;border-radius:.15rem}
.bar.expected{background:var(--card);color:var(--ink)}.broken.bar,.key.broken{background:var(--bad-bg);color:var(--bad);border-style:double;border-width:3px;line-height:1.2rem}.bar.tunnel,.key.tunnel{background:var(--tunnel-bg);color:var(--tunnel)}
.bar.elsewhere,.key.elsewhere{background:var(--doubt-bg);color:var(--doubt);border-style:dashed}.bar.nowhere,.key.nowhere{background:var(--dull-bg);color:var(--ink);border-style:dotted}
.key{padding:0 .4rem;border:1px solid;border-radius:.15rem}.axis{display:flex;justify-content:space-between;margin-left:9.5rem;font-size:.75rem;color:var(--faint)}
footer{margin-top:2rem;border-top:1px solid var(--rule);color:var(--faint)}
@media(max-width:60rem){.ladder,.ladder caption,.ladder tbody,.ladder tr,.ladder td,.ladder th{display:block}.ladder thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.ladder tr{display:grid;grid-template-columns:repeat(4,1fr);margin:.6rem 0;border:1px solid var(--rule)}.ladder th[scope=row],.ladder .outcome{grid-column:1/-1}.ladder th,.ladder td{border:0;border-top:1px solid var(--rule)}
.rung .name{display:block;font-size:.75rem}.word{display:none}.row{grid-template-columns:1fr}.axis{margin-left:0}.facts div,.about div{grid-template-columns:1fr;gap:0}}
@media print{body{max-width:none;font-size:10pt}.scroll{overflow:visible;border:0}.map{max-width:100%;height:auto}details::details-content{content-visibility:visible;block-size:auto}.finding,.strip,.fix,tr{break-inside:avoid}}
`;
