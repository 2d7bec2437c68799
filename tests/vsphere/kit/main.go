// Command kit is what the import test needs of govmomi, VMware's own Go library, in one program:
//
//	kit simulate            a vCenter that only pretends, on a free port of the loopback; prints its address
//	kit configspec < OVF    the virtual machine that an OVF asks vSphere for, as JSON
//	kit COMMAND ...         a command of govc: import.spec, import.ova, vm.info, device.ls
//
// The modules of govc and vcsim themselves are not on the Go proxy; the packages that they are made of are.
package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"log"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/vmware/govmomi/cli"
	_ "github.com/vmware/govmomi/cli/device"
	_ "github.com/vmware/govmomi/cli/importx"
	_ "github.com/vmware/govmomi/cli/vm"
	"github.com/vmware/govmomi/ovf"
	"github.com/vmware/govmomi/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "simulate":
		simulate()
	case len(os.Args) == 2 && os.Args[1] == "configspec":
		configSpec()
	default:
		os.Exit(cli.Run(os.Args[1:]))
	}
}

// simulate serves until it is told to stop.
func simulate() {
	model := simulator.VPX()
	// One cluster and nothing else, so that there is only one place to import into.
	model.Host = 0
	model.Machine = 0
	if err := model.Create(); err != nil {
		log.Fatal(err)
	}
	defer model.Remove()
	model.Service.RegisterEndpoints = true
	model.Service.Listen = &url.URL{Host: "127.0.0.1:0"}
	model.Service.TLS = new(tls.Config)
	server := model.Service.NewServer()
	defer server.Close()
	fmt.Println(server.URL)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
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
