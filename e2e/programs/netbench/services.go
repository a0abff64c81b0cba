package main

import (
	"flag"
	"fmt"
	"math/rand"
	"net"
	"net/netip"
	"sync"
	"time"
)

const (
	servicesNamespace = "netbench"
	servicePort       = 80
	// Every endpoint's port; netbench serve answers there at all of their addresses.
	endpointPort = 8080
	// The endpoints' addresses are those of 10.244.128.0/17 in turn.
	endpointAddresses = 1 << 15
	// Endpoints move so far with each generation of their slice, so that no two generations next to each other overlap.
	generationStep = 10007
)

// service is the nth Service, without a selector, and its slice.
type service struct {
	index      int
	endpoints  int
	generation int
}

func (s service) name() string { return fmt.Sprintf("s-%05d", s.index) }

func (s service) clusterIP() netip.Addr {
	return netip.AddrFrom4([4]byte{10, 96, byte(16 + s.index/250), byte(1 + s.index%250)})
}

func (s service) address(endpoint int) netip.Addr {
	offset := (s.index*s.endpoints + s.generation*generationStep + endpoint) % endpointAddresses
	return netip.AddrFrom4([4]byte{10, 244, byte(128 + offset>>8), byte(offset)})
}

func (s service) has(address netip.Addr) bool {
	for i := range s.endpoints {
		if s.address(i) == address {
			return true
		}
	}
	return false
}

func (s service) writeService(a *api) error {
	return a.create("/api/v1/namespaces/"+servicesNamespace+"/services", map[string]any{
		"metadata": map[string]any{"name": s.name()},
		"spec": map[string]any{
			"clusterIP": s.clusterIP().String(),
			"ports":     []any{map[string]any{"name": "http", "port": servicePort, "targetPort": endpointPort}},
		},
	})
}

func (s service) writeSlice(a *api) error {
	endpoints := make([]any, s.endpoints)
	for i := range endpoints {
		endpoints[i] = map[string]any{
			"addresses":  []string{s.address(i).String()},
			"conditions": map[string]any{"ready": true, "serving": true, "terminating": false},
		}
	}
	return a.put("/apis/discovery.k8s.io/v1/namespaces/"+servicesNamespace+"/endpointslices", s.name(), map[string]any{
		"metadata": map[string]any{
			"name":   s.name(),
			"labels": map[string]string{"kubernetes.io/service-name": s.name(), "endpointslice.kubernetes.io/managed-by": "netbench"},
		},
		"addressType": "IPv4",
		"endpoints":   endpoints,
		"ports":       []any{map[string]any{"name": "http", "port": endpointPort, "protocol": "TCP"}},
	})
}

// answers makes one connection through the Service. It returns the endpoint that answered, or an error at once when
// there is none and after the time-out when nothing says so.
func (s service) answers(timeout time.Duration) (netip.Addr, error) {
	return whoAnswers(netip.AddrPortFrom(s.clusterIP(), servicePort).String(), timeout)
}

func whoAnswers(to string, timeout time.Duration) (netip.Addr, error) {
	connection, err := net.DialTimeout("tcp", to, timeout)
	if err != nil {
		return netip.Addr{}, err
	}
	defer connection.Close()
	_ = connection.(*net.TCPConn).SetLinger(0) // many connections: none may rest in TIME_WAIT
	_ = connection.SetDeadline(time.Now().Add(timeout))
	if _, err := connection.Write([]byte{modeWho}); err != nil {
		return netip.Addr{}, err
	}
	answer := make([]byte, 16)
	n, err := connection.Read(answer)
	if err != nil {
		return netip.Addr{}, err
	}
	address, ok := netip.AddrFromSlice(answer[:n])
	if !ok {
		return netip.Addr{}, fmt.Errorf("%d bytes are no address", n)
	}
	return address.Unmap(), nil
}

type servicesFlags struct {
	*flag.FlagSet
	kubeconfig *string
	first      *int
	count      *int
	endpoints  *int
	generation *int
	parallel   *int
}

func newServicesFlags(name string) servicesFlags {
	flags := flag.NewFlagSet(name, flag.ExitOnError)
	return servicesFlags{
		flags,
		flags.String("kubeconfig", "", "of the lab"),
		flags.Int("first", 0, "the first Service"),
		flags.Int("count", 1000, "how many Services there are"),
		flags.Int("endpoints", 2, "of each Service"),
		flags.Int("generation", 0, "of the slices"),
		flags.Int("parallel", 32, "connections at the same time"),
	}
}

// servicesWrite makes Services from the first to the last, with their slices.
func servicesWrite(args []string) (any, error) {
	flags := newServicesFlags("services-write")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	a, err := openAPI(*flags.kubeconfig, *flags.parallel)
	if err != nil {
		return nil, err
	}
	namespace := map[string]any{"metadata": map[string]any{"name": servicesNamespace}}
	if err := a.create("/api/v1/namespaces", namespace); err != nil {
		return nil, err
	}
	begin := time.Now()
	err = each(*flags.first, *flags.count, *flags.parallel, func(i int) error {
		s := service{i, *flags.endpoints, *flags.generation}
		if err := s.writeService(a); err != nil {
			return err
		}
		return s.writeSlice(a)
	})
	return map[string]float64{"seconds": time.Since(begin).Seconds()}, err
}

// servicesAwait tries a sample of the Services, the first and the last among it, until each has answered, and prints
// when that was. It begins with the last one; a Service that has answered is not tried again.
func servicesAwait(args []string) (any, error) {
	flags := newServicesFlags("services-await")
	sample := flags.Int("sample", 256, "how many Services to try")
	patience := flags.Duration("patience", 15*time.Minute, "how long to try")
	seed := flags.Int64("seed", 1, "of the sample")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	pending := []int{*flags.count - 1, 0}
	for _, i := range rand.New(rand.NewSource(*seed)).Perm(*flags.count)[:min(*sample, *flags.count)] {
		pending = append(pending, i)
	}
	begin := time.Now()
	for _, i := range pending {
		s := service{i, *flags.endpoints, *flags.generation}
		for {
			_, err := s.answers(20 * time.Millisecond)
			if err == nil {
				break
			}
			if time.Since(begin) > *patience {
				return nil, fmt.Errorf("Service %s at %s did not answer in %s: %w", s.name(), s.clusterIP(), *patience, err)
			}
			time.Sleep(2 * time.Millisecond)
		}
	}
	return map[string]any{"tried": len(pending), "doneUnixMillis": time.Now().UnixMilli()}, nil
}

// servicesSweep connects to every Service once and counts those that do not lead to one of their own endpoints.
func servicesSweep(args []string) (any, error) {
	flags := newServicesFlags("services-sweep")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	var lock sync.Mutex
	wrong, first := 0, ""
	err := each(0, *flags.count, *flags.parallel, func(i int) error {
		s := service{i, *flags.endpoints, *flags.generation}
		address, err := s.answers(3 * time.Second)
		if err == nil && !s.has(address) {
			err = fmt.Errorf("%s answered, which is no endpoint of it", address)
		}
		if err != nil {
			lock.Lock()
			defer lock.Unlock()
			if wrong++; first == "" {
				first = fmt.Sprintf("%s at %s: %v", s.name(), s.clusterIP(), err)
			}
		}
		return nil
	})
	return map[string]any{"tried": *flags.count, "wrong": wrong, "first": first}, err
}

// each calls the operation with every number from first to last, the second not included, with so many workers; it
// returns one of the errors.
func each(first, last, workers int, operation func(int) error) error {
	next := make(chan int)
	failed := make(chan error, workers)
	var group sync.WaitGroup
	for range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range next {
				if err := operation(i); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		}()
	}
	for i := first; i < last; i++ {
		next <- i
	}
	close(next)
	group.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}
