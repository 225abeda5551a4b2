/**
 * The one PowerShell run of a live capture. Windows PowerShell 5.1 and 7; Constrained Language Mode too, so: cmdlets,
 * operators, casts to core types and methods of those, no `[ordered]`, no `[pscustomobject]`. Every part is tried alone:
 * `null` is "not answered" and `errors` says why, an empty list is an answer. What is not ASCII leaves as `\uXXXX`, for
 * the console would translate it to its code page. It only reads. Names in argument lists are quoted for the grammar that
 * a test reads this with.
 */
export const collectorScript = String.raw`$ErrorActionPreference='Stop'; $ProgressPreference='SilentlyContinue'; $WarningPreference='SilentlyContinue'
$global:onlinkErrors=@()
function part($name,$ask){ try{ ,@(& $ask) }catch{ $global:onlinkErrors+=($name+': '+$_.FullyQualifiedErrorId); $null } }
$routeFields=@{n='af';e={[int]$_.AddressFamily}},'DestinationPrefix','NextHop','InterfaceIndex','InterfaceAlias','RouteMetric','InterfaceMetric',@{n='Protocol';e={[int]$_.Protocol}},@{n='State';e={[int]$_.State}}
$keep='^\[|^(Type|VpnStrategy|IpPrioritizeRemote|IpInterfaceMetric|DisableClassBasedDefaultRoute|PlumbIKEv2TSAsRoutes|RouteVersion|NumRoutes|Routes|AlwaysOnCapable|DeviceTunnel|PhoneNumber|DEVICE|Device)='
$books=@("$env:APPDATA\Microsoft\Network\Connections\Pbk\rasphone.pbk","$env:ProgramData\Microsoft\Network\Connections\Pbk\rasphone.pbk","$env:LOCALAPPDATA\Packages\Microsoft.AzureVpn_8wekyb3d8bbwe\LocalState\rasphone.pbk")
$o=@{ v=1; tool='onlink-collector'; ps="$($PSVersionTable.PSVersion)"; culture="$((Get-UICulture).Name)"; mode="$($ExecutionContext.SessionState.LanguageMode)" }
$o.os=part 'os' { Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' | Select-Object 'CurrentBuild','UBR','DisplayVersion',@{n='arch';e={"$env:PROCESSOR_ARCHITECTURE"}},@{n='oemcp';e={(Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Nls\CodePage').OEMCP}} }
$o.routes=part 'routes' { Get-NetRoute -PolicyStore ActiveStore | Select-Object $routeFields }
$o.persistent=part 'persistent' { Get-NetRoute -PolicyStore PersistentStore | Select-Object $routeFields }
$o.ifs=part 'ifs' { Get-NetIPInterface | Select-Object 'InterfaceIndex','InterfaceAlias',@{n='af';e={[int]$_.AddressFamily}},'InterfaceMetric',@{n='auto';e={[int]$_.AutomaticMetric}},@{n='conn';e={[int]$_.ConnectionState}},'NlMtu',@{n='fwd';e={[int]$_.Forwarding}} }
$o.addrs=part 'addrs' { Get-NetIPAddress | Select-Object 'IPAddress','PrefixLength','InterfaceIndex','InterfaceAlias',@{n='state';e={[int]$_.AddressState}} }
$o.nics=part 'nics' { Get-NetAdapter -IncludeHidden | Select-Object 'ifIndex','Name','InterfaceDescription',@{n='status';e={"$($_.Status)"}},'InterfaceType','ComponentID','MacAddress' }
$o.vpn=part 'vpn' { @(Get-VpnConnection)+@(Get-VpnConnection -AllUserConnection) | Select-Object 'Name','ServerAddress','AllUserConnection',@{n='TunnelType';e={"$($_.TunnelType)"}},'SplitTunneling',@{n='ConnectionStatus';e={"$($_.ConnectionStatus)"}},@{n='Routes';e={@($_.Routes|ForEach-Object{"$($_.DestinationPrefix)"})}} }
$o.pbk=part 'pbk' { $books | Where-Object { Test-Path -LiteralPath $_ } | ForEach-Object { $path=$_; @{ path=$path; text=(@(Get-Content -LiteralPath $path | Where-Object { $_ -match $keep }) -join [char]10) } } }
$o.nrpt=part 'nrpt' { Get-DnsClientNrptPolicy -Effective | Select-Object @{n='Namespace';e={@($_.Namespace|ForEach-Object{"$_"})}},@{n='NameServers';e={@($_.NameServers|ForEach-Object{"$_"})}} }
$o.events=part 'events' { Get-WinEvent -FilterHashtable @{LogName='Application';ProviderName='RasClient'} -MaxEvents 20 | Select-Object 'Id',@{n='code';e={ if("$($_.Message)" -match '(\d+)\D*$'){[int]$Matches[1]} }},@{n='at';e={'{0:o}' -f $_.TimeCreated}} }
$o.errors=@($global:onlinkErrors)
$j=ConvertTo-Json -InputObject $o -Depth 6 -Compress
$seen=@{}
try{ foreach($m in [regex]::Matches($j,'[^\x20-\x7e]')){ $seen[[int][char]$m.Value]=1 }; foreach($n in $seen.Keys){ $j=$j.Replace("$([char]$n)",('\u{0:x4}' -f $n)) } }catch{ $j=$j -replace '[^\x20-\x7e]','?' }
$j
`;

/** The script as the argument of `powershell.exe -EncodedCommand`: base64 of UTF-16LE. */
export function encodedCommand(): string {
  return Buffer.from(collectorScript, 'utf16le').toString('base64');
}
