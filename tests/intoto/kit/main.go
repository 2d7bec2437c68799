// Command kit reads a provenance statement as in-toto's own library does, and validates it by its rules:
//
//	kit FILE
//
// Fields that the protobuf does not have are an error. It ends with 1, and says why, where it is none.
package main

import (
	"errors"
	"fmt"
	"os"

	provenance "github.com/in-toto/attestation/go/predicates/provenance/v1"
	statement "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	said, err := judge(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(said)
}

func judge(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var outer statement.Statement
	if err := errors.Join(protojson.Unmarshal(text, &outer), outer.Validate()); err != nil {
		return "", fmt.Errorf("statement: %w", err)
	}
	text, err = protojson.Marshal(outer.Predicate)
	if err != nil {
		return "", err
	}
	var inner provenance.Provenance
	if err := errors.Join(protojson.Unmarshal(text, &inner), inner.Validate()); err != nil {
		return "", fmt.Errorf("predicate: %w", err)
	}
	dependencies := len(inner.BuildDefinition.ResolvedDependencies)
	return fmt.Sprintf("ok %d subjects, %d dependencies", len(outer.Subject), dependencies), nil
}
