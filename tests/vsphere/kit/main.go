// Command kit is what the import test needs of govmomi, VMware's own Go library, in one program:
//
//	kit simulate [esxi]     a vCenter that only pretends, or an ESXi host, on a free port of the loopback; prints its address
//	kit configspec < OVF    the virtual machine that an OVF asks vSphere for, as JSON
//	kit COMMAND ...         a command of govc: about, find, import.spec, import.ova, library.import, vm.info ...
//
// The modules of govc and vcsim themselves are not on the Go proxy; the packages that they are made of are. Under the
// name govc this program is govc, with the commands that `./postern publish vsphere` runs.
package main

import (
	"bytes"
	"log"
	"os"

	"github.com/vmware/govmomi/cli"
	_ "github.com/vmware/govmomi/cli/about"
	_ "github.com/vmware/govmomi/cli/device"
	_ "github.com/vmware/govmomi/cli/importx"
	_ "github.com/vmware/govmomi/cli/library"
	_ "github.com/vmware/govmomi/cli/object"
	_ "github.com/vmware/govmomi/cli/vm"
	"github.com/vmware/govmomi/ovf"
	"github.com/vmware/govmomi/vim25/types"
)

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "simulate":
		simulate(false)
	case len(os.Args) == 3 && os.Args[1] == "simulate" && os.Args[2] == "esxi":
		simulate(true)
	case len(os.Args) == 2 && os.Args[1] == "configspec":
		configSpec()
	default:
		os.Exit(cli.Run(os.Args[1:]))
	}
}

func configSpec() {
	envelope, err := ovf.Unmarshal(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	// A resource of a type that the library does not know is an error.
	spec, err := envelope.ToConfigSpecWithOptions(ovf.ToConfigSpecOptions{Strict: true})
	if err != nil {
		log.Fatal(err)
	}
	// VMware's own encoder: it says the type of each device.
	var text bytes.Buffer
	if err := types.NewJSONEncoder(&text).Encode(spec); err != nil {
		log.Fatal(err)
	}
	if _, err := text.WriteTo(os.Stdout); err != nil {
		log.Fatal(err)
	}
}
