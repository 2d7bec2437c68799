package main

import (
	"fmt"
	"os"

	provenance "github.com/in-toto/attestation/go/predicates/provenance/v1"
	v1 "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var statement v1.Statement
	if err := protojson.Unmarshal(data, &statement); err != nil {
		fmt.Println("statement:", err)
		os.Exit(1)
	}
	if err := statement.Validate(); err != nil {
		fmt.Println("statement:", err)
		os.Exit(1)
	}
	inner, err := protojson.Marshal(statement.Predicate)
	if err != nil {
		panic(err)
	}
	var predicate provenance.Provenance
	if err := protojson.Unmarshal(inner, &predicate); err != nil {
		fmt.Println("predicate:", err)
		os.Exit(1)
	}
	if err := predicate.Validate(); err != nil {
		fmt.Println("predicate:", err)
		os.Exit(1)
	}
	fmt.Println("ok", len(statement.Subject), "subjects,", len(predicate.BuildDefinition.ResolvedDependencies), "dependencies")
}
