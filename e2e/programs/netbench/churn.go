package main

import (
	"math/rand"
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

type churnResult struct {
	Changes int `json:"changes"`
	// From the API server's answer to the write until the first connection to a new endpoint.
	Programming latency `json:"programming"`
	// From the request to the API server until its answer.
	Write latency `json:"write"`
	// Changes that were not seen within the time given, and those that could not be written.
	Late   int    `json:"late"`
	Failed int    `json:"failed"`
	Error  string `json:"error,omitempty"`
}

// churn gives Services, chosen by chance, new endpoints at a steady rate, and tells how long it takes until the kernel
// sends connections to them. It sees that by connections through the Service: the server tells which endpoint it is.
// With the same choice and --undo it gives the Services back the endpoints that they had.
func churn(args []string) (any, error) {
	flags := newServicesFlags("services-churn")
	rate := flags.Float64("rate", 10, "changes a second")
	seconds := flags.Float64("seconds", 30, "how long")
	patience := flags.Duration("patience", time.Minute, "how long to wait for one change")
	seed := flags.Int64("seed", 1, "of the choice")
	watch := flags.Bool("watch", true, "look at the kernel; otherwise changes are only written")
	undo := flags.Int("undo", 0, "how many changes to take back, instead of making any")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	a, err := openAPI(*flags.kubeconfig, 16)
	if err != nil {
		return nil, err
	}
	random := rand.New(rand.NewSource(*seed))
	order := random.Perm(*flags.count)
	if *undo > 0 {
		err := each(0, min(*undo, *flags.count), 8, func(i int) error {
			return service{order[i], *flags.endpoints, *flags.generation}.writeSlice(a)
		})
		return map[string]int{"undone": *undo}, err
	}
	var lock sync.Mutex
	var group sync.WaitGroup
	var programming, writing []time.Duration
	result := churnResult{}
	begin := time.Now()
	tick := time.NewTicker(time.Duration(float64(time.Second) / *rate))
	defer tick.Stop()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	for n := 0; time.Since(begin).Seconds() < *seconds; n++ {
		select {
		case <-stop:
			*seconds = 0
			continue
		case <-tick.C:
		}
		result.Changes++
		// A Service comes again only after all the others, so that its changes do not overtake each other.
		generation := *flags.generation + 1 + n / *flags.count
		s := service{order[n%*flags.count], *flags.endpoints, generation}
		group.Add(1)
		go func() {
			defer group.Done()
			before := time.Now()
			err := s.writeSlice(a)
			written := time.Now()
			lock.Lock()
			writing = append(writing, written.Sub(before))
			if err != nil {
				result.Failed++
				result.Error = err.Error()
			}
			lock.Unlock()
			if err != nil || !*watch {
				return
			}
			seen, ok := s.awaitNew(written, *patience)
			lock.Lock()
			defer lock.Unlock()
			if ok {
				programming = append(programming, max(0, seen.Sub(written)))
			} else {
				result.Late++
			}
		}()
	}
	group.Wait()
	result.Programming, result.Write = summarize(programming), summarize(writing)
	return result, nil
}

// awaitNew connects until an endpoint of the present generation answers. The pauses grow with the time that has passed,
// so that slow changes cost no more connections than quick ones: the error is one in fifty, and a millisecond at least.
func (s service) awaitNew(written time.Time, patience time.Duration) (time.Time, bool) {
	for {
		address, err := s.answers(time.Second)
		now := time.Now()
		if err == nil && s.has(address) {
			return now, true
		}
		if now.Sub(written) > patience {
			return now, false
		}
		time.Sleep(max(time.Millisecond, now.Sub(written)/50))
	}
}
