package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	policyNamespaces = 20
	policyGroups     = 50
	policyPorts      = 100
	policiesPath     = "/apis/networking.k8s.io/v1/namespaces/%s/networkpolicies"
)

func policyNamespace(i int) string { return fmt.Sprintf("netbench-%d", i%policyNamespaces) }

type object = map[string]any

// policiesWrite writes a crowd of pods and the policies about them. The pods are API objects that no node runs: they have
// no node and a scheduler that does not exist, and their status, written here, says that they run and what addresses they
// have. So they are for every engine what pods of other nodes are.
//
// Policy i is in namespace i mod 20, admits from one of 50 groups of pods in some namespaces, and from a block of addresses
// with an exception, to one of 100 ports of TCP and one of 100 ranges of UDP. Every second one selects the pods with the label netbench: path in the
// namespace netbench-path, the others a group of the crowd.
func policiesWrite(args []string) (any, error) {
	flags := flag.NewFlagSet("policies-write", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "of the lab's admin")
	pods := flags.Int("pods", 0, "how many pods there are to be; those that are there stay")
	first := flags.Int("first", 0, "the first policy to write")
	count := flags.Int("count", 0, "the policy before which to stop")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	const parallel = 8
	client, err := openAPI(*kubeconfig, parallel)
	if err != nil {
		return nil, err
	}
	for i := range policyNamespaces {
		namespace := object{"metadata": object{"name": policyNamespace(i), "labels": object{"netbench": fmt.Sprint(i % 5)}}}
		if err := client.create("/api/v1/namespaces", namespace); err != nil {
			return nil, err
		}
	}
	begin := time.Now()
	err = inParallel(parallel, 0, *pods, func(i int) error { return writeFakePod(client, i) })
	if err == nil {
		err = inParallel(parallel, *first, *count, func(i int) error {
			namespace := policyNamespace(i)
			if i%2 == 0 {
				namespace = "netbench-path"
			}
			return client.create(fmt.Sprintf(policiesPath, namespace), crowdPolicy(i))
		})
	}
	return map[string]float64{"seconds": time.Since(begin).Seconds()}, err
}

func inParallel(parallel, first, end int, work func(int) error) error {
	jobs := make(chan int)
	failures := make(chan error, parallel)
	var group sync.WaitGroup
	for range parallel {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range jobs {
				if err := work(i); err != nil {
					select {
					case failures <- err:
					default:
					}
				}
			}
		}()
	}
	for i := first; i < end; i++ {
		jobs <- i
	}
	close(jobs)
	group.Wait()
	select {
	case err := <-failures:
		return err
	default:
		return nil
	}
}

func writeFakePod(client *api, i int) error {
	name, path := fmt.Sprintf("crowd-%d", i), "/api/v1/namespaces/"+policyNamespace(i)+"/pods"
	pod := object{
		"metadata": object{"name": name, "labels": object{"group": fmt.Sprint(i % policyGroups)}},
		"spec": object{
			"schedulerName":                "nobody",
			"automountServiceAccountToken": false,
			"containers":                   []object{{"name": "none", "image": "none", "ports": []object{{"name": "web", "containerPort": 8080}}}},
		},
	}
	// The namespace's service account comes a moment after the namespace.
	for begin := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		err := client.create(path, pod)
		if err == nil {
			break
		}
		if time.Since(begin) > patience {
			return err
		}
	}
	v4, v6 := fmt.Sprintf("10.244.%d.%d", 200+i/200, 1+i%200), fmt.Sprintf("fd00:244:0:f::%x", 1+i)
	status := object{"status": object{
		"phase":  "Running",
		"hostIP": "172.18.0.250",
		"podIP":  v4,
		"podIPs": []object{{"ip": v4}, {"ip": v6}},
	}}
	return client.patch(path+"/"+name+"/status", status)
}

func crowdPolicy(i int) object {
	selected := object{"group": fmt.Sprint(i % policyGroups)}
	if i%2 == 0 {
		selected = object{"netbench": "path"}
	}
	return object{
		"metadata": object{"name": fmt.Sprintf("crowd-%d", i)},
		"spec": object{
			"podSelector": object{"matchLabels": selected},
			"policyTypes": []string{"Ingress"},
			"ingress": []object{{
				"from": []object{
					{
						"namespaceSelector": object{"matchLabels": object{"netbench": fmt.Sprint(i % 5)}},
						"podSelector":       object{"matchLabels": object{"group": fmt.Sprint((i / 2) % policyGroups)}},
					},
					{"ipBlock": object{
						"cidr":   fmt.Sprintf("192.%d.%d.0/24", 168+i/256, i%256),
						"except": []string{fmt.Sprintf("192.%d.%d.64/26", 168+i/256, i%256)},
					}},
				},
				"ports": []object{
					{"protocol": "TCP", "port": 1000 + i%policyPorts},
					{"protocol": "UDP", "port": 20000 + 8*(i%policyPorts), "endPort": 20004 + 8*(i%policyPorts)},
				},
			}},
		},
	}
}

func (a *api) patch(path string, object any) error {
	status, answer, err := a.sendAs(http.MethodPatch, path, "application/merge-patch+json", object)
	if err == nil && status >= 300 {
		err = fmt.Errorf("patch %s: status %d: %.300s", path, status, answer)
	}
	return err
}

func writeJSON(file string, value any) error {
	content, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}

func splitAddresses(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
}
