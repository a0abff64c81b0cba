package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/containernetworking/cni/libcni"
	"golang.org/x/sys/unix"
)

type cniResult struct {
	Add latency `json:"add"`
	Del latency `json:"del"`
}

// benchCNI adds --count pods, at most --parallel at a time, then deletes them the same way.
func benchCNI(args []string) (any, error) {
	flags := flag.NewFlagSet("cni", flag.ExitOnError)
	conflist := flags.String("conflist", "", "network configuration list")
	bin := flags.String("bin", "/opt/cni/bin", "folder of the plugins")
	count := flags.Int("count", 100, "pods")
	parallel := flags.Int("parallel", 1, "pods at the same time")
	port := flags.Int("host-port", 0, "first hostPort to map, one a pod; 0 for none")
	rest := flags.Duration("rest", 0, "pause before the first ADD")
	hold := flags.Duration("hold", 0, "how long to keep the pods between ADD and DEL")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	list, err := libcni.NetworkConfFromFile(*conflist)
	if err != nil {
		return nil, err
	}
	cache, err := os.MkdirTemp("", "netbench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(cache)
	cni := libcni.NewCNIConfigWithCacheDir([]string{*bin}, cache, nil)

	pods := make([]*libcni.RuntimeConf, *count)
	for i := range pods {
		netns, err := newNetns(filepath.Join(cache, fmt.Sprintf("ns%d", i)))
		if err != nil {
			return nil, err
		}
		defer removeNetns(netns)
		pods[i] = &libcni.RuntimeConf{
			ContainerID: fmt.Sprintf("netbench-%d-%d", os.Getpid(), i),
			NetNS:       netns,
			IfName:      "eth0",
			// No names: Kubernetes knows nothing of these, and nobody is to wait until it does.
			Args: [][2]string{{"IgnoreUnknown", "1"}},
		}
		if *port != 0 {
			pods[i].CapabilityArgs = map[string]any{"portMappings": []map[string]any{
				{"hostPort": *port + i, "containerPort": 80, "protocol": "tcp"}}}
		}
	}
	// The kernel takes the namespaces of the run before apart in the background, under the lock that ADD needs.
	time.Sleep(*rest)
	ctx := context.Background()
	add, addErr := timed(pods, *parallel, func(pod *libcni.RuntimeConf) error {
		_, err := cni.AddNetworkList(ctx, list, pod)
		return err
	})
	time.Sleep(*hold)
	del, delErr := timed(pods, *parallel, func(pod *libcni.RuntimeConf) error {
		return cni.DelNetworkList(ctx, list, pod)
	})
	if addErr != nil {
		return nil, fmt.Errorf("ADD: %w", addErr)
	}
	if delErr != nil {
		return nil, fmt.Errorf("DEL: %w", delErr)
	}
	return cniResult{Add: summarize(add), Del: summarize(del)}, nil
}

// timed runs the operation on every pod with the given number of workers; the first error is returned at the end.
func timed(pods []*libcni.RuntimeConf, workers int, operation func(*libcni.RuntimeConf) error) ([]time.Duration, error) {
	durations := make([]time.Duration, len(pods))
	errs := make([]error, len(pods))
	next := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range next {
				start := time.Now()
				errs[i] = operation(pods[i])
				durations[i] = time.Since(start)
			}
		}()
	}
	for i := range pods {
		next <- i
	}
	close(next)
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return durations, err
		}
	}
	return durations, nil
}

// newNetns makes a network namespace and binds it to the path.
func newNetns(path string) (string, error) {
	file, err := os.Create(path)
	if err != nil {
		return "", err
	}
	file.Close()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread dies with the goroutine, in its namespace
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			done <- fmt.Errorf("make a network namespace: %w", err)
			return
		}
		self := fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid())
		done <- unix.Mount(self, path, "", unix.MS_BIND, "")
	}()
	return path, <-done
}

func removeNetns(path string) {
	_ = unix.Unmount(path, unix.MNT_DETACH)
	_ = os.Remove(path)
}
