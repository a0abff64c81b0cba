package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The name that httptest's certificate is for.
const testHost = "example.com"

func TestRequestsOfAllKindsAreAnswered(t *testing.T) {
	over := make(chan struct{})
	var once sync.Once
	var asked atomic.Int64
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != testHost || r.URL.Path != "/here" {
			http.Error(w, r.Host+r.URL.Path, http.StatusNotFound)
		}
		if asked.Add(1) == 200 {
			once.Do(func() { close(over) })
		}
	})
	plain := httptest.NewServer(handler)
	defer plain.Close()
	secured := httptest.NewUnstartedServer(handler)
	secured.EnableHTTP2 = true
	secured.StartTLS()
	defer secured.Close()

	result := requestsTo([]string{address(plain)}, []string{address(secured)}, testHost, "/here", 600, 400, over)

	for _, kind := range result.Kinds {
		if kind.Asked == 0 || kind.Answered != kind.Asked || kind.Took.Count != kind.Answered {
			t.Errorf("not all of %q were answered: %+v", kind.Name, kind)
		}
		if strings.HasPrefix(kind.Name, "new") && kind.Connections != kind.Asked {
			t.Errorf("not a connection each: %+v", kind)
		}
		if kind.Name == "kept" && kind.Connections > requestConnections {
			t.Errorf("connections were not kept: %+v", kind)
		}
	}
	if len(result.Certificates) != 1 || result.Certificates[0].Serial != secured.Certificate().SerialNumber.Text(16) {
		t.Errorf("certificates: %+v", result.Certificates)
	}
}

func TestACertificateOfAnotherHostIsAFailure(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	shown := &certificates{seen: map[string]*certificateSeen{}}
	config := server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.ServerName, config.InsecureSkipVerify, config.VerifyConnection = "another.test", true, shown.verify
	from := &dialer{to: []string{address(server)}, config: config}
	err := (&sequential{kind: &requestKind{}, from: from, host: "another.test", path: "/"}).ask()
	if err == nil || !strings.Contains(err.Error(), "another.test") {
		t.Errorf("taken: %v", err)
	}
}

// outcome is what is looked at of a requestKind.
type outcome struct{ answered, status, unanswered, other, again, dismissed, connections int }

func TestEndsOfConnections(t *testing.T) {
	const (
		answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
		last   = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
		half   = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
		off    = "HTTP/1.1 503 Off\r\nContent-Length: 0\r\n\r\n"
	)
	cases := map[string]struct {
		answers []string // on each connection, which the server closes after them
		unread  bool     // and after one more request
		want    outcome  // of three requests
	}{
		"before the request was sent": {[]string{answer}, false, outcome{answered: 3, again: 2, connections: 3}},
		"as the answer said":          {[]string{last}, false, outcome{answered: 3, dismissed: 3, connections: 3}},
		"without an answer":           {[]string{answer}, true, outcome{answered: 2, unanswered: 1, connections: 2}},
		"in the middle of an answer":  {[]string{answer, half}, false, outcome{answered: 2, other: 1, connections: 2}},
		"not, but another status":     {[]string{off, answer, answer}, false, outcome{answered: 2, status: 1, connections: 1}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			address, closed := answering(t, c.answers, c.unread)
			kind := &requestKind{}
			client := &sequential{kind: kind, from: &dialer{to: []string{address}}, host: testHost, path: "/"}
			for i := range 3 {
				if i > 0 && i%len(c.answers) == 0 && !c.unread {
					<-closed
				}
				kind.ended(time.Now(), client.ask())
			}
			if client.connection != nil {
				client.drop()
			}
			got := outcome{kind.Answered, kind.Status, kind.Unanswered, kind.Other, kind.Again, kind.Dismissed, kind.Connections}
			if got != c.want {
				t.Errorf("%+v, not %+v", got, c.want)
			}
		})
	}
}

// answering is a server that gives these answers on each connection, and then closes it and says so.
func answering(t *testing.T, answers []string, unread bool) (string, <-chan struct{}) {
	closed := make(chan struct{}, 10)
	return listen(t, func(connection net.Conn) {
		reader := bufio.NewReader(connection)
		for _, text := range answers {
			if _, err := http.ReadRequest(reader); err == nil {
				_, _ = io.WriteString(connection, text)
			}
		}
		if unread {
			_, _ = http.ReadRequest(reader)
		}
		connection.Close()
		closed <- struct{}{}
	}), closed
}

func address(server *httptest.Server) string {
	return server.Listener.Addr().String()
}
