package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"time"
)

const (
	// How long to wait before a packet is sent again; RFC 9260 begins with one second, too.
	retransmission = time.Second
	// How long the end of a conversation that has succeeded is waited for.
	farewell = 200 * time.Millisecond
)

// exchange connects, sends a message, waits for one, and ends the association: what agnhost connect does.
//
// It returns os.ErrDeadlineExceeded if that is not done in time; 0 is no limit.
func exchange(to *net.IPAddr, port uint16, message []byte, timeout time.Duration) error {
	connection, err := net.DialIP(fmt.Sprintf("ip4:%d", protocolSCTP), nil, to)
	if err != nil {
		return err
	}
	defer connection.Close()
	c := client{
		connection: connection,
		local:      uint16(32768 + rand.IntN(28000)),
		remote:     port,
		tag:        rand.Uint32() | 1,
		tsn:        rand.Uint32(),
	}
	if timeout > 0 {
		c.deadline = time.Now().Add(timeout)
	}
	answer, err := c.ask(0, chunkInit, initiation(c.tag, c.tsn, nil), chunkInitAck)
	if err != nil {
		return err
	}
	peerTag, _, cookie, err := initiated(answer.value)
	if err != nil {
		return err
	}
	if _, err := c.ask(peerTag, chunkCookieEcho, cookie, chunkCookieAck); err != nil {
		return err
	}
	said, err := c.ask(peerTag, chunkData, data(c.tsn, message), chunkData)
	if err != nil {
		return err
	}
	if len(said.value) < 4 {
		return errors.New("DATA without a TSN")
	}
	tsn := binary.BigEndian.Uint32(said.value)
	c.send(peerTag, chunkSack, 0, sack(tsn))
	c.deadline = time.Now().Add(farewell)
	if _, err := c.ask(peerTag, chunkShutdown, binary.BigEndian.AppendUint32(nil, tsn), chunkShutdownAck); err == nil {
		c.send(peerTag, chunkShutdownComplete, 0, nil)
	}
	return nil
}

type client struct {
	connection    *net.IPConn
	local, remote uint16
	tag, tsn      uint32
	deadline      time.Time
	early         []packet // DATA that came before it was asked for
}

func (c *client) send(tag uint32, kind, flags byte, value []byte) {
	// What cannot be sent is as good as lost, and sent again.
	_, _ = c.connection.Write(packet{c.local, c.remote, tag, kind, flags, value}.bytes())
}

// ask sends a chunk, again and again, until the answer has come.
func (c *client) ask(tag uint32, kind byte, value []byte, answer byte) (packet, error) {
	flags := byte(0)
	if kind == chunkData {
		flags = wholeMessage
	}
	for i, p := range c.early {
		if p.kind == answer {
			c.early = append(c.early[:i], c.early[i+1:]...)
			c.send(tag, kind, flags, value)
			return p, nil
		}
	}
	buffer := make([]byte, 1<<16)
	for {
		c.send(tag, kind, flags, value)
		again := time.Now().Add(retransmission)
		for time.Now().Before(again) {
			if !c.deadline.IsZero() && time.Now().After(c.deadline) {
				return packet{}, os.ErrDeadlineExceeded
			}
			until := again
			if !c.deadline.IsZero() && c.deadline.Before(again) {
				until = c.deadline
			}
			_ = c.connection.SetReadDeadline(until)
			n, _, err := c.connection.ReadFromIP(buffer) // without the IP header, unlike Read
			if errors.Is(err, os.ErrDeadlineExceeded) {
				continue
			}
			if err != nil {
				return packet{}, err
			}
			// A raw socket gets what all associations with this peer get.
			chunks, err := parse(append([]byte(nil), buffer[:n]...))
			if err != nil || len(chunks) == 0 || chunks[0].to != c.local || chunks[0].from != c.remote || chunks[0].tag != c.tag {
				continue
			}
			for i, p := range chunks {
				switch p.kind {
				case answer:
					c.early = append(c.early, chunks[i+1:]...)
					return p, nil
				case chunkAbort:
					return packet{}, errors.New("the peer aborted the association")
				case chunkData:
					c.early = append(c.early, p)
				}
			}
		}
	}
}

// association is one that a server has, by the peer's address and port.
type association struct {
	peer uint32 // its tag
	tsn  uint32 // of the message to it
}

// serve says a message to everyone who connects, as agnhost's porter does. It sends nothing by itself: the peer asks again
// for what got lost.
func serve(port uint16, message []byte) error {
	connection, err := net.ListenIP(fmt.Sprintf("ip4:%d", protocolSCTP), nil)
	if err != nil {
		return err
	}
	defer connection.Close()
	fmt.Fprintln(os.Stderr, "Started SCTP server")
	known := map[string]association{}
	buffer := make([]byte, 1<<16)
	for {
		n, from, err := connection.ReadFromIP(buffer)
		if err != nil {
			return err
		}
		chunks, err := parse(append([]byte(nil), buffer[:n]...))
		if err != nil {
			continue
		}
		for _, p := range chunks {
			if p.to != port {
				break
			}
			key := fmt.Sprintf("%s:%d", from, p.from)
			for _, answer := range answers(p, known, key, message) {
				_, _ = connection.WriteToIP(answer.bytes(), from)
			}
		}
	}
}

// answers to one chunk.
func answers(p packet, known map[string]association, key string, message []byte) []packet {
	to := func(tag uint32, kind, flags byte, value []byte) packet {
		return packet{p.to, p.from, tag, kind, flags, value}
	}
	a, found := known[key]
	switch p.kind {
	case chunkInit:
		peer, _, _, err := initiated(p.value)
		if err != nil {
			return nil
		}
		tag, tsn := rand.Uint32()|1, rand.Uint32()
		cookie := binary.BigEndian.AppendUint32(nil, peer)
		cookie = binary.BigEndian.AppendUint32(cookie, tag)
		cookie = binary.BigEndian.AppendUint32(cookie, tsn)
		return []packet{to(peer, chunkInitAck, 0, initiation(tag, tsn, cookie))}
	case chunkCookieEcho:
		if len(p.value) != 12 || binary.BigEndian.Uint32(p.value[4:]) != p.tag {
			return nil
		}
		a = association{binary.BigEndian.Uint32(p.value), binary.BigEndian.Uint32(p.value[8:])}
		known[key] = a
		return []packet{to(a.peer, chunkCookieAck, 0, nil), to(a.peer, chunkData, wholeMessage, data(a.tsn, message))}
	case chunkData:
		// A peer that sends it again may not have got the message.
		if found && len(p.value) >= 4 {
			return []packet{
				to(a.peer, chunkSack, 0, sack(binary.BigEndian.Uint32(p.value))),
				to(a.peer, chunkData, wholeMessage, data(a.tsn, message)),
			}
		}
	case chunkShutdown:
		if found {
			return []packet{to(a.peer, chunkShutdownAck, 0, nil)}
		}
	case chunkShutdownComplete, chunkAbort:
		delete(known, key)
	}
	return nil
}
