package main

import (
	"encoding/binary"
	"errors"
	"flag"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// door is what happened at one address: connections, and datagrams from a socket that stays.
type door struct {
	To          string  `json:"to"`
	Connections int     `json:"connections"`
	Connected   int     `json:"connected"`
	Refused     int     `json:"refused"`
	Datagrams   int     `json:"datagrams"`
	Answered    int     `json:"answered"`
	First       float64 `json:"firstMillis"` // when the first of either got through, from the start; -1 if none did
	begin       time.Time
	sync.Mutex
}

func (d *door) through(sent time.Time) {
	if at := float64(sent.Sub(d.begin).Microseconds()) / 1000; d.First < 0 || at < d.First {
		d.First = at
	}
}

// knock tries, at a steady pace and from the very first moment, which addresses can be reached: netbench serve has to
// listen there. What it saw is printed, or written to a file such as a container's termination message.
func knock(args []string) (any, error) {
	begin := time.Now()
	flags := flag.NewFlagSet("knock", flag.ExitOnError)
	to := flags.String("to", "", "address:port of netbench serve, several with commas between them")
	seconds := flags.Float64("seconds", 0, "how long; 0 is until SIGTERM")
	interval := flags.Duration("interval", 10*time.Millisecond, "time between two connections, and between two datagrams")
	patience := flags.Duration("patience", 900*time.Millisecond, "how long a connection is waited for, less than 1s")
	listen := flags.String("listen", "", "address:port where to answer meanwhile, as netbench serve does")
	result := flags.String("result", "", "file for what was seen, beside the output")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	over := make(chan struct{})
	var group sync.WaitGroup
	failures := make(chan error, 64)
	start := func(work func() error) {
		group.Add(1)
		go func() {
			defer group.Done()
			if err := work(); err != nil {
				failures <- err
			}
		}()
	}
	if *listen != "" {
		if err := answerAt(*listen); err != nil {
			return nil, err
		}
	}
	var doors []*door
	for _, address := range strings.Split(*to, ",") {
		if address == "" {
			continue
		}
		d := &door{To: address, First: -1, begin: begin}
		doors = append(doors, d)
		start(func() error { return d.connect(*interval, *patience, over) })
		start(func() error { return d.send(*interval, over) })
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	var enough <-chan time.Time
	if *seconds > 0 {
		enough = time.After(time.Duration(*seconds * float64(time.Second)))
	}
	select {
	case <-stop:
	case <-enough:
	}
	close(over)
	group.Wait()
	select {
	case err := <-failures:
		return nil, err
	default:
	}
	seen := map[string]any{"seconds": time.Since(begin).Seconds(), "doors": doors}
	if *result != "" {
		if err := writeJSON(*result, seen); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// answerAt is netbench serve beside something else.
func answerAt(listen string) error {
	ready := make(chan error)
	go func() {
		listener, err := net.Listen("tcp", listen)
		if err != nil {
			ready <- err
			return
		}
		datagrams, err := net.ListenPacket("udp", listen)
		ready <- err
		if err != nil {
			return
		}
		go echo(datagrams)
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(connection)
		}
	}()
	return <-ready
}

func (d *door) connect(interval, patience time.Duration, over <-chan struct{}) error {
	a, err := newAttempts(d.To, patience, func(sent time.Time, connected, refused bool) {
		d.Lock()
		defer d.Unlock()
		d.Connections++
		if connected {
			d.Connected++
		}
		if refused {
			d.Refused++
		}
		if connected || refused {
			d.through(sent)
		}
	})
	if err != nil {
		return err
	}
	return a.run(interval, over)
}

// send has numbered datagrams answered; the first ones of a flow that is not allowed are as new to rules as all others.
func (d *door) send(interval time.Duration, over <-chan struct{}) error {
	connection, err := net.Dial("udp", d.To)
	if err != nil {
		return err
	}
	defer connection.Close()
	var sent []time.Time
	answered := map[uint64]bool{}
	go func() {
		message := make([]byte, 64)
		for {
			n, err := connection.Read(message)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				time.Sleep(time.Millisecond) // an ICMP error of an earlier datagram
				continue
			}
			if n == 8 {
				d.Lock()
				if number := binary.BigEndian.Uint64(message); number < uint64(len(sent)) && !answered[number] {
					answered[number] = true
					d.Answered++
					d.through(sent[number])
				}
				d.Unlock()
			}
		}
	}()
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		d.Lock()
		number := uint64(len(sent))
		sent = append(sent, time.Now())
		d.Datagrams++
		d.Unlock()
		_, _ = connection.Write(binary.BigEndian.AppendUint64(nil, number)) // a refused one shows as not answered
		select {
		case <-over:
			time.Sleep(500 * time.Millisecond)
			return nil
		case <-tick.C:
		}
	}
}

// sweep sends datagrams to all addresses of a range until it is told to stop, and tells which answered.
func sweep(args []string) (any, error) {
	flags := flag.NewFlagSet("sweep", flag.ExitOnError)
	to := flags.String("to", "", "IPv4 prefixes with commas between them, together not more than a few hundred addresses")
	port := flags.Int("port", 7000, "where netbench serve would listen")
	interval := flags.Duration("interval", 250*time.Millisecond, "time between two datagrams to an address")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	var all []netip.AddrPort
	for _, text := range strings.Split(*to, ",") {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		for address := prefix.Masked().Addr(); prefix.Contains(address); address = address.Next() {
			all = append(all, netip.AddrPortFrom(address, uint16(*port)))
		}
	}
	socket, err := net.ListenUDP("udp4", nil)
	if err != nil {
		return nil, err
	}
	defer socket.Close()
	var lock sync.Mutex
	answered := map[string]int{}
	go func() {
		message := make([]byte, 64)
		for {
			_, from, err := socket.ReadFromUDPAddrPort(message)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				lock.Lock()
				answered[from.Addr().Unmap().String()]++
				lock.Unlock()
			}
		}
	}()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	tick := time.NewTicker(*interval)
	defer tick.Stop()
	rounds := 0
	for {
		select {
		case <-stop:
			time.Sleep(200 * time.Millisecond)
			lock.Lock()
			defer lock.Unlock()
			return map[string]any{"rounds": rounds, "answered": answered}, nil
		case <-tick.C:
		}
		rounds++
		for _, address := range all {
			_, _ = socket.WriteToUDPAddrPort([]byte("knock"), address)
		}
	}
}
