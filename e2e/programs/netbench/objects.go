package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// Where objects of a kind are written, with the namespace to be filled in where there is one.
var objectCollections = map[string]string{
	"Namespace":     "/api/v1/namespaces",
	"Service":       "/api/v1/namespaces/%s/services",
	"Secret":        "/api/v1/namespaces/%s/secrets",
	"Ingress":       "/apis/networking.k8s.io/v1/namespaces/%s/ingresses",
	"EndpointSlice": "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices",
}

// objectsWrite writes the objects of a file, one JSON document after the other, unless they are there. The first ones may
// be namespaces, which are written before all others.
func objectsWrite(args []string) (any, error) {
	flags := flag.NewFlagSet("objects-write", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "a kubeconfig of the lab's form")
	file := flags.String("file", "", "the objects")
	parallel := flags.Int("parallel", 16, "connections")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	a, err := openAPI(*kubeconfig, *parallel)
	if err != nil {
		return nil, err
	}
	content, err := os.Open(*file)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	begin := time.Now()
	objects := make(chan map[string]any)
	failures := make(chan error, *parallel)
	var group sync.WaitGroup
	for range *parallel {
		group.Add(1)
		go func() {
			defer group.Done()
			for object := range objects {
				if err := writeObject(a, object); err != nil {
					select {
					case failures <- err:
					default:
					}
				}
			}
		}()
	}
	count, err := 0, error(nil)
	for decoder := json.NewDecoder(content); ; count++ {
		object := map[string]any{}
		if err = decoder.Decode(&object); err != nil {
			break
		}
		if object["kind"] != "Namespace" {
			objects <- object
		} else if err = writeObject(a, object); err != nil {
			break
		}
	}
	close(objects)
	group.Wait()
	close(failures)
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := <-failures; err != nil {
		return nil, err
	}
	return map[string]any{"objects": count, "seconds": time.Since(begin).Seconds()}, nil
}

func writeObject(a *api, object map[string]any) error {
	collection, known := objectCollections[fmt.Sprint(object["kind"])]
	if !known {
		return fmt.Errorf("no such kind here: %v", object["kind"])
	}
	if metadata, is := object["metadata"].(map[string]any); is && metadata["namespace"] != nil {
		collection = fmt.Sprintf(collection, metadata["namespace"])
	}
	return a.create(collection, object)
}
