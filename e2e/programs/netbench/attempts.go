package main

import (
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// attempts are TCP connections that are tried at a steady pace from one thread, each from a port of its own, none waiting
// for another. Whether a connection gets through is judged by its first packet alone: it is given up before the kernel
// would send that one again, which it does after one second.
type attempts struct {
	address  unix.Sockaddr
	family   int
	patience time.Duration
	pending  []attempt
	// ended is told of each attempt: connected, refused, or neither, which is no answer in time.
	ended func(begin time.Time, connected, refused bool)
}

type attempt struct {
	fd    int
	begin time.Time
}

func newAttempts(to string, patience time.Duration, ended func(time.Time, bool, bool)) (*attempts, error) {
	target, err := netip.ParseAddrPort(to)
	if err != nil {
		return nil, err
	}
	a := &attempts{patience: patience, ended: ended}
	if target.Addr().Is4() {
		a.family, a.address = unix.AF_INET, &unix.SockaddrInet4{Port: int(target.Port()), Addr: target.Addr().As4()}
	} else {
		a.family, a.address = unix.AF_INET6, &unix.SockaddrInet6{Port: int(target.Port()), Addr: target.Addr().As16()}
	}
	return a, nil
}

// begin sends the first packet of a connection.
func (a *attempts) begin() error {
	fd, err := unix.Socket(a.family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_TCP)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	// No rest in TIME_WAIT: it ends by a reset.
	_ = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
	begin := time.Now()
	switch err := unix.Connect(fd, a.address); err {
	case nil, unix.EINPROGRESS:
		a.pending = append(a.pending, attempt{fd, begin})
		return nil
	default: // such as no route: nothing was sent that could be answered
		unix.Close(fd)
		a.ended(begin, false, err == unix.ECONNREFUSED)
		return nil
	}
}

// look takes note of attempts that have come to an end, and waits for one to do so for no longer than that.
func (a *attempts) look(wait time.Duration) {
	if len(a.pending) == 0 {
		time.Sleep(wait)
		return
	}
	polled := make([]unix.PollFd, len(a.pending))
	for i, one := range a.pending {
		polled[i] = unix.PollFd{Fd: int32(one.fd), Events: unix.POLLOUT}
	}
	timeout := unix.NsecToTimespec(wait.Nanoseconds())
	_, _ = unix.Ppoll(polled, &timeout, nil)
	now := time.Now()
	rest := a.pending[:0]
	for i, one := range a.pending {
		switch {
		case polled[i].Revents != 0:
			code, err := unix.GetsockoptInt(one.fd, unix.SOL_SOCKET, unix.SO_ERROR)
			a.ended(one.begin, err == nil && code == 0, code == int(unix.ECONNREFUSED))
		case now.Sub(one.begin) > a.patience:
			a.ended(one.begin, false, false)
		default:
			rest = append(rest, one)
			continue
		}
		unix.Close(one.fd)
	}
	a.pending = rest
}

// run begins an attempt each interval until it is told that it is over, and then sees the last ones to their end.
func (a *attempts) run(interval time.Duration, over <-chan struct{}) error {
	for next := time.Now(); ; {
		select {
		case <-over:
			for len(a.pending) > 0 {
				a.look(10 * time.Millisecond)
			}
			return nil
		default:
		}
		if now := time.Now(); !now.Before(next) {
			if err := a.begin(); err != nil {
				return err
			}
			// What was missed is not made up for.
			if next = next.Add(interval); next.Before(now) {
				next = now.Add(interval)
			}
		}
		a.look(max(time.Until(next), 0))
	}
}
