package main

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

const (
	protocolSCTP = 132
	headerSize   = 12 // ports, verification tag, checksum
	chunkHeader  = 4  // type, flags, length

	// Chunk types, RFC 9260 section 3.2.
	chunkData             = 0
	chunkInit             = 1
	chunkInitAck          = 2
	chunkSack             = 3
	chunkAbort            = 6
	chunkShutdown         = 7
	chunkShutdownAck      = 8
	chunkCookieEcho       = 10
	chunkCookieAck        = 11
	chunkShutdownComplete = 14

	parameterCookie = 7
	wholeMessage    = 3 // flags of DATA: beginning and end
	window          = 1 << 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// packet is one with a single chunk, which is all that is sent here.
type packet struct {
	from, to uint16
	tag      uint32
	kind     byte
	flags    byte
	value    []byte
}

func (p packet) bytes() []byte {
	b := binary.BigEndian.AppendUint16(nil, p.from)
	b = binary.BigEndian.AppendUint16(b, p.to)
	b = binary.BigEndian.AppendUint32(b, p.tag)
	b = append(b, 0, 0, 0, 0, p.kind, p.flags)
	b = binary.BigEndian.AppendUint16(b, uint16(chunkHeader+len(p.value)))
	b = append(b, p.value...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	// Section 6.8 and appendix A: computed with zeroes in its place, the least significant byte first.
	binary.LittleEndian.PutUint32(b[8:], crc32.Checksum(b, castagnoli))
	return b
}

// parse gives the chunks of a packet, a packet for each.
func parse(b []byte) ([]packet, error) {
	if len(b) < headerSize {
		return nil, errors.New("shorter than a header")
	}
	sum := binary.LittleEndian.Uint32(b[8:])
	zeroed := append([]byte(nil), b...)
	clear(zeroed[8:headerSize])
	if crc32.Checksum(zeroed, castagnoli) != sum {
		return nil, errors.New("wrong checksum")
	}
	var chunks []packet
	for rest := b[headerSize:]; len(rest) >= chunkHeader; {
		length := int(binary.BigEndian.Uint16(rest[2:]))
		if length < chunkHeader || length > len(rest) {
			return nil, errors.New("a chunk longer than the packet")
		}
		chunks = append(chunks, packet{
			from:  binary.BigEndian.Uint16(b),
			to:    binary.BigEndian.Uint16(b[2:]),
			tag:   binary.BigEndian.Uint32(b[4:]),
			kind:  rest[0],
			flags: rest[1],
			value: rest[chunkHeader:length],
		})
		rest = rest[min(len(rest), (length+3)&^3):]
	}
	return chunks, nil
}

// initiation is the value of INIT and, with the cookie, of INIT ACK.
func initiation(tag, tsn uint32, cookie []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, tag)
	b = binary.BigEndian.AppendUint32(b, window)
	b = append(b, 0, 1, 0, 1) // one stream each way
	b = binary.BigEndian.AppendUint32(b, tsn)
	if cookie != nil {
		b = binary.BigEndian.AppendUint16(b, parameterCookie)
		b = binary.BigEndian.AppendUint16(b, uint16(4+len(cookie)))
		b = append(b, cookie...)
	}
	return b
}

// initiated reads the tag, the first TSN and the cookie, if there is one, of INIT and INIT ACK.
func initiated(value []byte) (tag, tsn uint32, cookie []byte, err error) {
	if len(value) < 16 {
		return 0, 0, nil, errors.New("an INIT that is too short")
	}
	for rest := value[16:]; len(rest) >= 4; {
		length := int(binary.BigEndian.Uint16(rest[2:]))
		if length < 4 || length > len(rest) {
			return 0, 0, nil, errors.New("a parameter longer than its chunk")
		}
		if binary.BigEndian.Uint16(rest) == parameterCookie {
			cookie = rest[4:length]
		}
		rest = rest[min(len(rest), (length+3)&^3):]
	}
	return binary.BigEndian.Uint32(value), binary.BigEndian.Uint32(value[12:]), cookie, nil
}

func data(tsn uint32, message []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, tsn)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0) // stream, its sequence number, protocol
	return append(b, message...)
}

func sack(tsn uint32) []byte {
	b := binary.BigEndian.AppendUint32(nil, tsn)
	b = binary.BigEndian.AppendUint32(b, window)
	return append(b, 0, 0, 0, 0)
}
