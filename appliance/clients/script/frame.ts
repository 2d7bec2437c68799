/* No backticks and no braces after a dollar sign: this file takes them for its own quotes. */

/** What stands first: the help, what the script needs, its parameters. */
export const HEAD = String.raw`<#
.SYNOPSIS
Sends Microsoft Defender on this machine through the proxy {{address}}, port {{port}}.

.DESCRIPTION
Sets the proxy of the Defender for Endpoint sensor and of Defender Antivirus in the registry, where Group
Policy sets it too, and then tests it: TCP to the proxy, CONNECT to Defender hosts, and the answer of each
service. What already has the right value is left alone. Where Group Policy sets other values, it wins.

WinHTTP, the proxy of Windows itself, is set only with -WinHttp, because every service that uses WinHTTP
then goes through the proxy, and the proxy refuses what is not Defender. The Defender for Identity sensor
v2 is set only with -Identity, and needs the module DefenderForIdentity.

The proxy never asks for a login. TLS must not be inspected on the way.

.PARAMETER ProxyHost
IPv4 address or name of the proxy.

.PARAMETER ProxyPort
Port of the proxy.

.PARAMETER WinHttp
Sets the proxy of Windows itself as well.

.PARAMETER BypassList
Names that WinHTTP reaches directly, with semicolons between. By default names without a dot and the domain
that this machine is joined to.

.PARAMETER Identity
Sets the proxy of the Defender for Identity sensor v2 as well.

.PARAMETER TestOnly
Changes nothing and tests.

.PARAMETER Remove
Takes the values away that name this proxy. Others are left alone.

.EXAMPLE
.\Set-PosternProxy.ps1 -WhatIf
Says what would be set.

.EXAMPLE
.\Set-PosternProxy.ps1 -WinHttp
Sets all of it, Windows' own proxy too, and tests.

.EXAMPLE
.\Set-PosternProxy.ps1 -Remove -WinHttp
Takes it all back.

.NOTES
Ends with 0 when everything is set and every test went well, else with 1.
#>

#Requires -Version 5.1
#Requires -RunAsAdministrator

[CmdletBinding(SupportsShouldProcess = $true, DefaultParameterSetName = 'Set')]
param(
    [ValidatePattern('^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$')]
    [string] $ProxyHost = '{{address}}',

    [ValidateRange(1, 65535)]
    [int] $ProxyPort = {{port}},

    [Parameter(ParameterSetName = 'Set')]
    [Parameter(ParameterSetName = 'Remove')]
    [switch] $WinHttp,

    [Parameter(ParameterSetName = 'Set')]
    [string] $BypassList = '',

    [Parameter(ParameterSetName = 'Set')]
    [Parameter(ParameterSetName = 'Remove')]
    [switch] $Identity,

    [Parameter(ParameterSetName = 'Test', Mandatory = $true)]
    [switch] $TestOnly,

    [Parameter(ParameterSetName = 'Remove', Mandatory = $true)]
    [switch] $Remove
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$proxy = '{0}:{1}' -f $ProxyHost, $ProxyPort
$proxyUrl = 'http://{0}' -f $proxy
$script:failures = 0
`;

/** What stands last: the values, the tests, and what is done with them. */
export const MAIN = String.raw`
# A 1 by itself does not say whose it is: it goes by the proxy of the sensor.
$policies = 'HKLM:\SOFTWARE\Policies\Microsoft'
$owned = (Get-RegistryValue "$policies\Windows\DataCollection" 'TelemetryProxyServer') -eq $proxy
$values = @(
{{#values}}
    @{
        Path = 'HKLM:\{{key}}'
        Name = '{{name}}'; Type = '{{type}}'; Value = {{{expression}}}; Ours = {{{ours}}}
    }
{{/values}}
)

$tests = @(
{{#tests}}
    @{ HostName = '{{host}}'; Path = '{{path}}'; Expected = {{{awaited}}} }
{{/tests}}
)

# Windows Server 2016 and older do not offer TLS 1.2 to .NET by themselves.
[Net.ServicePointManager]::SecurityProtocol =
    [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

if ($Remove) {
    foreach ($one in $values) { Remove-RegistryValue $one }
    if ($WinHttp) { Reset-WinHttp }
    if ($Identity) { Set-IdentityProxy $true }
}
else {
    if (-not $TestOnly) {
        foreach ($one in $values) { Set-RegistryValue $one }
        if ($WinHttp) { Set-WinHttp }
        if ($Identity) { Set-IdentityProxy $false }
    }
    Test-Proxy
}

if ($script:failures -gt 0) { exit 1 }
exit 0
`;
