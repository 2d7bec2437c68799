/* No backticks and no braces after a dollar sign: this file takes them for its own quotes. */

/** Functions that set values and take them back, each only after ShouldProcess. */
export const CHANGES = String.raw`
function Write-Result([string] $State, [string] $Text) {
    if ($State -eq 'FAILED') { $script:failures++ }
    Write-Output ('{0,-7} {1}' -f $State, $Text)
}

function Get-RegistryValue([string] $Path, [string] $Name) {
    $key = Get-Item -LiteralPath $Path -ErrorAction SilentlyContinue
    if ($null -eq $key) { return $null }
    return $key.GetValue($Name, $null)
}

function Set-RegistryValue([hashtable] $One) {
    $where = '{0}\{1}' -f $One.Path, $One.Name
    if ((Get-RegistryValue $One.Path $One.Name) -eq $One.Value) {
        Write-Result 'ok' ('{0} is {1} already' -f $where, $One.Value)
        return
    }
    if (-not $PSCmdlet.ShouldProcess($where, ('set to {0}' -f $One.Value))) { return }
    if (-not (Test-Path -LiteralPath $One.Path)) { New-Item -Path $One.Path -Force | Out-Null }
    New-ItemProperty -LiteralPath $One.Path -Name $One.Name -PropertyType $One.Type -Value $One.Value -Force |
        Out-Null
    Write-Result 'set' ('{0} is {1}' -f $where, $One.Value)
}

function Remove-RegistryValue([hashtable] $One) {
    $where = '{0}\{1}' -f $One.Path, $One.Name
    $current = Get-RegistryValue $One.Path $One.Name
    if ($null -eq $current) { return }
    if ($current -ne $One.Value -or -not $One.Ours) {
        Write-Result 'left' ('{0} is {1}, which is not of this proxy' -f $where, $current)
        return
    }
    if (-not $PSCmdlet.ShouldProcess($where, 'remove')) { return }
    Remove-ItemProperty -LiteralPath $One.Path -Name $One.Name
    Write-Result 'removed' $where
}

function Invoke-Netsh([string[]] $Words) {
    $output = & netsh.exe $Words
    if ($LASTEXITCODE -ne 0) { throw ('netsh {0}: {1}' -f ($Words -join ' '), ($output -join ' ')) }
    return ($output -join [Environment]::NewLine)
}

function Get-DefaultBypass {
    $computer = Get-CimInstance -ClassName Win32_ComputerSystem
    if ($computer.PartOfDomain) { return ('<local>;*.{0}' -f $computer.Domain) }
    return '<local>'
}

function Set-WinHttp {
    $bypass = $BypassList
    if ($bypass -eq '') { $bypass = Get-DefaultBypass }
    if (-not $PSCmdlet.ShouldProcess('WinHTTP', ('set proxy {0}, directly {1}' -f $proxy, $bypass))) { return }
    Invoke-Netsh @('winhttp', 'set', 'proxy', $proxy, $bypass) | Out-Null
    Write-Result 'set' ('WinHTTP is {0}, directly {1}' -f $proxy, $bypass)
}

function Reset-WinHttp {
    if (-not (Invoke-Netsh @('winhttp', 'show', 'proxy')).Contains($proxy)) {
        Write-Result 'left' 'WinHTTP does not use this proxy'
        return
    }
    if (-not $PSCmdlet.ShouldProcess('WinHTTP', 'reset proxy')) { return }
    Invoke-Netsh @('winhttp', 'reset', 'proxy') | Out-Null
    Write-Result 'removed' 'WinHTTP'
}

function Set-IdentityProxy([bool] $Clear) {
    if ($null -eq (Get-Module -ListAvailable -Name DefenderForIdentity)) {
        Write-Result 'FAILED' 'Identity sensor: the module DefenderForIdentity is not installed on this machine'
        return
    }
    if (-not $PSCmdlet.ShouldProcess('Defender for Identity sensor', 'change its proxy')) { return }
    Import-Module DefenderForIdentity
    if ($Clear) { Clear-MDISensorProxyConfiguration } else { Set-MDISensorProxyConfiguration -ProxyUrl $proxyUrl }
    Write-Result 'set' 'Identity sensor; Get-MDISensorProxyConfiguration shows it'
}
`;
