package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// fill opens and ends connections over the loopback device, which the kernel goes on tracking for two minutes, so that its
// table is as long as a busy node's.
func fill(args []string) (any, error) {
	flags := flag.NewFlagSet("fill", flag.ExitOnError)
	count := flags.Int("count", 80_000, "connections")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(io.Discard, connection)
				connection.Close()
			}()
		}
	}()
	port := listener.Addr().(*net.TCPAddr).Port
	begin := time.Now()
	errs := make(chan error, 8)
	var group sync.WaitGroup
	for worker := range cap(errs) {
		group.Go(func() {
			for i := worker; i < *count; i += cap(errs) {
				// Many addresses, since one has ports for 28,000 connections in two minutes.
				connection, err := net.Dial("tcp4", fmt.Sprintf("127.0.%d.%d:%d", i%16, 1+i/16%200, port))
				if err != nil {
					errs <- err
					return
				}
				connection.Close()
			}
		})
	}
	group.Wait()
	close(errs)
	return map[string]any{"connections": *count, "seconds": time.Since(begin).Seconds()}, <-errs
}
