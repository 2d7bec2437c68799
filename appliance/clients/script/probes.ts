/* No backticks and no braces after a dollar sign: this file takes them for its own quotes. */

/** Functions that test the way through the proxy. */
export const PROBES = String.raw`
function Open-Proxy {
    $client = New-Object System.Net.Sockets.TcpClient
    try {
        $wait = $client.BeginConnect($ProxyHost, $ProxyPort, $null, $null)
        if (-not $wait.AsyncWaitHandle.WaitOne(5000)) { throw 'no answer within 5 seconds' }
        $client.EndConnect($wait)
        $client.ReceiveTimeout = 20000
        $client.SendTimeout = 20000
        return $client
    }
    catch {
        $client.Close()
        throw
    }
}

# The status line of the proxy's answer to CONNECT.
function Get-ConnectAnswer([string] $HostName) {
    $client = Open-Proxy
    try {
        $stream = $client.GetStream()
        $end = [string][char]13 + [char]10
        $text = 'CONNECT {0}:443 HTTP/1.1{1}Host: {0}:443{1}{1}' -f $HostName, $end
        $bytes = [Text.Encoding]::ASCII.GetBytes($text)
        $stream.Write($bytes, 0, $bytes.Length)
        $reader = New-Object System.IO.StreamReader($stream, [Text.Encoding]::ASCII)
        return [string]$reader.ReadLine()
    }
    finally {
        $client.Close()
    }
}

# The status of the service itself, through the proxy.
function Get-ServiceStatus([string] $Url) {
    $request = [Net.WebRequest]::Create($Url)
    $request.Proxy = New-Object System.Net.WebProxy($proxyUrl)
    $request.Timeout = 30000
    $request.AllowAutoRedirect = $false
    try {
        $response = $request.GetResponse()
    }
    catch {
        # 4xx and 5xx come as exceptions, with PowerShell's own around them.
        $problem = $_.Exception
        while ($null -ne $problem -and $problem -isnot [Net.WebException]) { $problem = $problem.InnerException }
        if ($null -eq $problem -or $null -eq $problem.Response) { throw }
        $response = $problem.Response
    }
    $status = [int]$response.StatusCode
    $response.Close()
    return $status
}

function Test-Service([hashtable] $One) {
    $answer = Get-ConnectAnswer $One.HostName
    if ($answer -notmatch '^HTTP/1\.[01] 200') {
        $why = 'the proxy answers: {0}' -f $answer
        if ($answer -match ' 403') { $why += '; the name is not on its list, or this machine is not among its clients' }
        if ($answer -match ' 407') { $why += '; another proxy, which wants a login, stands in the way' }
        if ($answer -match ' 50[234]') { $why += '; it does not reach the service: see posternctl check there' }
        throw $why
    }
    $status = Get-ServiceStatus ('https://{0}{1}' -f $One.HostName, $One.Path)
    if ($null -ne $One.Expected -and $status -ne $One.Expected) {
        throw ('the service answers {0}, expected is {1}' -f $status, $One.Expected)
    }
    return $status
}

function Test-Proxy {
    try {
        (Open-Proxy).Close()
        Write-Result 'ok' ('TCP to {0}' -f $proxy)
    }
    catch {
        Write-Result 'FAILED' ('TCP to {0}: {1}' -f $proxy, $_.Exception.Message)
        return
    }
    foreach ($one in $tests) {
        try {
            Write-Result 'ok' ('{0}: {1}' -f $one.HostName, (Test-Service $one))
        }
        catch {
            Write-Result 'FAILED' ('{0}: {1}' -f $one.HostName, $_.Exception.Message)
        }
    }
}
`;
