package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/signal"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// After which a request, with the connection that it may need, has failed.
	requestPatience = 10 * time.Second
	// How many requests may wait for a connection, in seconds of the rate.
	requestBacklog = 10
	// Requests at one time, of each kind, and so the connections that are kept.
	requestConnections = 16
	// Connections of HTTP/2, which take several requests at once.
	requestSessions = 4
)

var (
	// The connection ended before any byte of the answer.
	errUnanswered = errors.New("closed without an answer")
	errStatus     = errors.New("answered")
)

// requestKind is what became of the requests of one way to use connections. What is not answered is in one of the counts
// that follow; nothing is asked twice but as `again` says.
type requestKind struct {
	Name     string `json:"name"`
	Asked    int    `json:"asked"`
	Answered int    `json:"answered"`
	// Answers other than 2xx.
	Status     int `json:"otherStatus"`
	Refused    int `json:"refused"`
	Reset      int `json:"reset"`
	Unanswered int `json:"unanswered"`
	TimedOut   int `json:"timedOut"`
	Other      int `json:"other"`
	// Due, but never sent, since all connections waited for answers.
	Unsent int `json:"unsent"`
	// Sent on another connection than meant, since that was closed before they were sent, or by HTTP/2 had said that it
	// takes no more (RFC 9113, section 6.8).
	Again int `json:"again"`
	// Kept connections that an answer ended, as Connection: close says (RFC 9112, section 9.6).
	Dismissed   int     `json:"dismissed"`
	Connections int     `json:"connections"`
	FirstError  string  `json:"firstError,omitempty"`
	Took        latency `json:"took"`
	took        []time.Duration
	sync.Mutex
}

type requestsResult struct {
	Seconds      float64            `json:"seconds"`
	Kinds        []*requestKind     `json:"kinds"`
	Certificates []*certificateSeen `json:"certificates"`
}

// certificateSeen is a certificate by its serial number, in hexadecimal, with the handshakes in which it was shown.
type certificateSeen struct {
	Serial string `json:"serial"`
	Count  int    `json:"count"`
	First  int64  `json:"firstUnixMillis"`
	Last   int64  `json:"lastUnixMillis"`
}

// certificates are those that were shown.
type certificates struct {
	sync.Mutex
	seen map[string]*certificateSeen
}

// asker sends one request after the other.
type asker interface {
	ask() error
}

// requests asks at a steady rate until it is told to stop (SIGTERM, SIGINT), on connections that are kept, on new ones, and
// by HTTP/2, with and without TLS. It goes by the protocols and not beyond: a connection that an answer or a GOAWAY ends
// is not used any more, and what was sent on one that then ends without an answer has failed, though a browser would ask
// again.
func requests(args []string) (any, error) {
	flags := flag.NewFlagSet("requests", flag.ExitOnError)
	to := flags.String("to", "", "address:port of HTTP, several with commas between them")
	tlsTo := flags.String("tls-to", "", "likewise of HTTPS")
	host := flags.String("host", "", "the Host, and the name of the server (SNI) that its certificate must have")
	path := flags.String("path", "/", "the path")
	rate := flags.Float64("rate", 200, "a second on kept connections: a third each plain, by TLS, and by HTTP/2")
	fresh := flags.Float64("fresh", 50, "new connections a second, with a request each: half of them plain, half by TLS")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if *rate <= 0 || *fresh <= 0 {
		return nil, fmt.Errorf("rates must be above 0, not %g and %g", *rate, *fresh)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	over := make(chan struct{})
	go func() {
		<-stop
		close(over)
	}()
	return requestsTo(strings.Split(*to, ","), strings.Split(*tlsTo, ","), *host, *path, *rate, *fresh, over), nil
}

func requestsTo(to, tlsTo []string, host, path string, rate, fresh float64, over <-chan struct{}) requestsResult {
	shown := &certificates{seen: map[string]*certificateSeen{}}
	config := &tls.Config{
		ServerName: host, NextProtos: []string{"http/1.1"},
		// Who signed it is nobody's matter here. That it is of the host is.
		InsecureSkipVerify: true, VerifyConnection: shown.verify,
	}
	plain, secured := &dialer{to: to}, &dialer{to: tlsTo, config: config}
	each := func(one func(*requestKind, int) asker) func(*requestKind) []asker {
		return func(kind *requestKind) []asker {
			askers := make([]asker, requestConnections)
			for i := range askers {
				askers[i] = one(kind, i)
			}
			return askers
		}
	}
	sequence := func(from *dialer, once bool) func(*requestKind) []asker {
		return each(func(kind *requestKind, _ int) asker {
			return &sequential{kind: kind, from: from, host: host, path: path, once: once}
		})
	}
	sessions := make([]*http.Transport, requestSessions)
	for i := range sessions {
		sessions[i] = secured.session()
	}
	streams := each(func(kind *requestKind, i int) asker {
		return &multiplexed{kind: kind, session: sessions[i%len(sessions)], url: "https://" + host + path}
	})
	plans := []struct {
		name   string
		rate   float64
		askers func(*requestKind) []asker
	}{
		{"kept", rate / 3, sequence(plain, false)},
		{"kept, TLS", rate / 3, sequence(secured, false)},
		{"HTTP/2", rate / 3, streams},
		{"new", fresh / 2, sequence(plain, true)},
		{"new, TLS", fresh / 2, sequence(secured, true)},
	}
	result := requestsResult{}
	begin := time.Now()
	var group sync.WaitGroup
	for _, plan := range plans {
		kind := &requestKind{Name: plan.name}
		result.Kinds = append(result.Kinds, kind)
		group.Go(func() { kind.run(plan.rate, plan.askers(kind), over) })
	}
	group.Wait()
	result.Seconds = time.Since(begin).Seconds()
	for _, session := range sessions {
		session.CloseIdleConnections()
	}
	for _, kind := range result.Kinds {
		kind.Took = summarize(kind.took)
	}
	result.Certificates = shown.inOrder()
	return result
}

// run asks at a steady rate until it is over. Latencies count from when a request was due.
func (k *requestKind) run(rate float64, askers []asker, over <-chan struct{}) {
	due := make(chan time.Time, int(rate*requestBacklog)+1)
	var group sync.WaitGroup
	for _, one := range askers {
		group.Go(func() {
			for at := range due {
				k.ended(at, one.ask())
			}
		})
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	begin, interval := time.Now(), time.Duration(float64(time.Second)/rate)
	for n := 0; ; {
		select {
		case <-over:
			close(due)
			group.Wait()
			return
		case now := <-tick.C:
			for at := begin.Add(time.Duration(n) * interval); !at.After(now); at = at.Add(interval) {
				n++
				select {
				case due <- at:
				default:
					k.Unsent++
				}
			}
		}
	}
}

func (k *requestKind) ended(due time.Time, err error) {
	took := time.Since(due)
	k.Lock()
	defer k.Unlock()
	k.Asked++
	if err == nil {
		k.Answered++
		k.took = append(k.took, took)
		return
	}
	if k.FirstError == "" {
		k.FirstError = time.Now().UTC().Format("15:04:05.000 ") + err.Error()
	}
	var timeout net.Error
	switch {
	case errors.Is(err, errStatus):
		k.Status++
	case errors.Is(err, syscall.ECONNREFUSED):
		k.Refused++
	case errors.Is(err, errUnanswered), errors.Is(err, io.EOF):
		k.Unanswered++
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		k.Reset++
	case errors.As(err, &timeout) && timeout.Timeout():
		k.TimedOut++
	default:
		k.Other++
	}
}

func (k *requestKind) count(field *int) {
	k.Lock()
	defer k.Unlock()
	*field++
}

// dialer opens connections, in turn to several addresses.
type dialer struct {
	to     []string
	config *tls.Config // nil without TLS
	next   atomic.Int64
}

func (d *dialer) address() string {
	return d.to[int(d.next.Add(1))%len(d.to)]
}

// open returns the connection, and the one of TCP below it.
func (d *dialer) open() (net.Conn, *net.TCPConn, error) {
	deadline := time.Now().Add(requestPatience)
	opened, err := (&net.Dialer{Deadline: deadline}).Dial("tcp", d.address())
	if err != nil {
		return nil, nil, err
	}
	below := opened.(*net.TCPConn)
	if d.config == nil {
		return below, below, nil
	}
	secured := tls.Client(below, d.config)
	_ = below.SetDeadline(deadline)
	if err := secured.Handshake(); err != nil {
		below.Close()
		return nil, nil, fmt.Errorf("handshake: %w", err)
	}
	return secured, below, nil
}

// session is a client of HTTP/2 that keeps one connection.
func (d *dialer) session() *http.Transport {
	config := d.config.Clone()
	config.NextProtos = []string{"h2"}
	protocols := &http.Protocols{}
	protocols.SetHTTP2(true)
	return &http.Transport{
		Protocols: protocols, TLSClientConfig: config, TLSHandshakeTimeout: requestPatience,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", d.address())
		},
	}
}

// sequential uses a connection for one request after the other as long as the server keeps it, or for a single one.
type sequential struct {
	kind       *requestKind
	from       *dialer
	host, path string
	once       bool
	connection net.Conn
	below      *net.TCPConn
	reader     *bufio.Reader
}

func (s *sequential) ask() error {
	request := "GET " + s.path + " HTTP/1.1\r\nHost: " + s.host + "\r\n\r\n"
	if s.once {
		request = strings.Replace(request, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)
	}
	for {
		kept := s.connection != nil
		if kept && hasEnded(s.below) {
			s.kind.count(&s.kind.Again)
			s.drop()
			continue
		}
		if !kept {
			opened, below, err := s.from.open()
			if err != nil {
				return err
			}
			s.kind.count(&s.kind.Connections)
			s.connection, s.below, s.reader = opened, below, bufio.NewReader(opened)
		}
		_ = s.connection.SetDeadline(time.Now().Add(requestPatience))
		if _, err := io.WriteString(s.connection, request); err != nil {
			s.drop()
			if kept && !errors.Is(err, os.ErrDeadlineExceeded) {
				// The kernel took no byte of it, since the connection was broken already.
				s.kind.count(&s.kind.Again)
				continue
			}
			return fmt.Errorf("write: %w", err)
		}
		return s.answer()
	}
}

func (s *sequential) answer() error {
	if _, err := s.reader.Peek(1); err != nil {
		s.drop()
		if errors.Is(err, io.EOF) {
			err = errUnanswered
		}
		return err
	}
	response, err := http.ReadResponse(s.reader, nil)
	if err != nil {
		s.drop()
		return fmt.Errorf("in the head of the answer: %w", err)
	}
	_, err = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	if err != nil {
		s.drop()
		return fmt.Errorf("in the body of the answer: %w", err)
	}
	if response.Close && !s.once {
		s.kind.count(&s.kind.Dismissed)
	}
	if response.Close || s.once {
		s.drop()
	}
	return statusError(response)
}

func (s *sequential) drop() {
	s.connection.Close()
	s.connection = nil
}

func statusError(response *http.Response) error {
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("%w %s", errStatus, response.Status)
	}
	return nil
}

// hasEnded tells whether the other side's end of a connection has arrived, whatever else has and is not read yet.
func hasEnded(connection *net.TCPConn) bool {
	raw, err := connection.SyscallConn()
	if err != nil {
		return true
	}
	ended := false
	err = raw.Control(func(fd uintptr) {
		polled := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
		_, err := unix.Poll(polled, 0)
		ended = err == nil && polled[0].Revents != 0
	})
	return ended || err != nil
}

// multiplexed asks beside others on one connection of HTTP/2. The library goes by GOAWAY, and sends anew what the server
// has said not to have taken.
type multiplexed struct {
	kind    *requestKind
	session *http.Transport
	url     string
}

func (m *multiplexed) ask() error {
	ctx, cancel := context.WithTimeout(context.Background(), requestPatience)
	defer cancel()
	sent := 0
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(got httptrace.GotConnInfo) {
		if sent++; sent > 1 {
			m.kind.count(&m.kind.Again)
		}
		if !got.Reused {
			m.kind.count(&m.kind.Connections)
		}
	}})
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url, nil)
	if err != nil {
		return err
	}
	response, err := m.session.RoundTrip(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	if err != nil {
		return fmt.Errorf("in the body of the answer: %w", err)
	}
	if response.ProtoMajor != 2 {
		return fmt.Errorf("answered by %s", response.Proto)
	}
	return statusError(response)
}

// verify takes note of the certificate, and refuses one of another host.
func (c *certificates) verify(state tls.ConnectionState) error {
	certificate := state.PeerCertificates[0]
	if err := certificate.VerifyHostname(state.ServerName); err != nil {
		return err
	}
	now, serial := time.Now().UnixMilli(), certificate.SerialNumber.Text(16)
	c.Lock()
	defer c.Unlock()
	seen, known := c.seen[serial]
	if !known {
		seen = &certificateSeen{Serial: serial, First: now}
		c.seen[serial] = seen
	}
	seen.Count++
	seen.Last = now
	return nil
}

// inOrder returns them by when they were first seen.
func (c *certificates) inOrder() []*certificateSeen {
	c.Lock()
	defer c.Unlock()
	all := make([]*certificateSeen, 0, len(c.seen))
	for _, seen := range c.seen {
		all = append(all, seen)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].First < all[j].First })
	return all
}
