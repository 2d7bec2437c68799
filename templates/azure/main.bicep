// Appliances in a scale set behind an internal load balancer: docs/scale.md
// The resources are in scale-set.json, which Bicep takes as a module. settings.yaml lies beside this file.

@description('Region of everything here. The image version must be replicated to it.')
param location string = resourceGroup().location

@description('Resource id of a gallery image version, generalized and with TrustedLaunchSupported.')
param imageVersionId string

@description('Appliances.')
@minValue(1)
@maxValue(50)
param instances int = 2

@description('Size of each, of generation 2.')
param vmSize string = 'Standard_D2s_v5'

@description('Address space of the new virtual network.')
param networkPrefix string = '10.90.0.0/24'

@description('Address that clients use, inside networkPrefix.')
param frontendAddress string = '10.90.0.4'

@description('Networks that may use the proxy.')
param clientNetworks array

@description('An SSH public key. Azure asks for one; the appliance takes those of its settings.')
param adminPublicKey string

module proxies 'scale-set.json' = {
  name: 'postern'
  params: {
    location: location
    imageVersionId: imageVersionId
    instances: instances
    vmSize: vmSize
    networkPrefix: networkPrefix
    frontendAddress: frontendAddress
    clientNetworks: clientNetworks
    adminPublicKey: adminPublicKey
    settings: loadTextContent('settings.yaml')
  }
}

output proxy string = proxies.outputs.proxy
