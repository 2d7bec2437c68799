package main

import (
	"log"
	"strings"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/ovf"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// Types of OVF items (CIM_ResourceAllocationSettingData).
const (
	cdDrive        = 15
	sataController = 20
)

// ovfManager is the simulator's, which refuses a SATA controller; a vCenter does not.
type ovfManager struct {
	simulator.OvfManager
}

// addSata lets the simulated vCenter know SATA controllers and the CD drives on them.
func addSata(model *simulator.Model) {
	registry := model.Map()
	ref := *model.ServiceContent.OvfManager
	known, ok := registry.Get(ref).(*simulator.OvfManager)
	if !ok {
		log.Fatalf("no OVF manager at %s", ref)
	}
	registry.Put(&ovfManager{*known})
}

func (m *ovfManager) CreateImportSpec(ctx *simulator.Context, req *types.CreateImportSpec) soap.HasFault {
	body := m.OvfManager.CreateImportSpec(ctx, req)
	made, ok := body.(*methods.CreateImportSpecBody)
	if !ok || made.Res == nil {
		return body
	}
	var faults []types.LocalizedMethodFault
	for _, fault := range made.Res.Returnval.Error {
		if kind, ok := fault.Fault.(*types.OvfUnsupportedType); !ok || kind.DeviceType != sataController {
			faults = append(faults, fault)
		}
	}
	made.Res.Returnval.Error = faults
	if spec, ok := made.Res.Returnval.ImportSpec.(*types.VirtualMachineImportSpec); ok {
		addDevices(req.OvfDescriptor, &spec.ConfigSpec)
	}
	return made
}

// addDevices adds what the OVF has of these devices, in its order.
func addDevices(descriptor string, spec *types.VirtualMachineConfigSpec) {
	envelope, err := ovf.Unmarshal(strings.NewReader(descriptor))
	if err != nil {
		log.Fatal(err)
	}
	var devices object.VirtualDeviceList
	for _, change := range spec.DeviceChange {
		devices = append(devices, change.GetVirtualDeviceConfigSpec().Device)
	}
	parents := make(map[string]types.BaseVirtualController)
	var added object.VirtualDeviceList
	for _, item := range envelope.VirtualSystem.VirtualHardware[0].Item {
		switch *item.ResourceType {
		case sataController:
			device, err := devices.CreateSATAController()
			if err != nil {
				log.Fatal(err)
			}
			devices = append(devices, device)
			added = append(added, device)
			parents[item.InstanceID] = device.(types.BaseVirtualController)
		case cdDrive:
			parent, ok := parents[*item.Parent]
			if !ok {
				continue
			}
			device, err := devices.CreateCdrom(parent)
			if err != nil {
				log.Fatal(err)
			}
			devices = append(devices, device)
			added = append(added, device)
		}
	}
	changes, err := added.ConfigSpec(types.VirtualDeviceConfigSpecOperationAdd)
	if err != nil {
		log.Fatal(err)
	}
	spec.DeviceChange = append(spec.DeviceChange, changes...)
}
