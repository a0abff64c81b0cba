package main

import "unicode/utf8"

// answer is the agent's: {"exitCode":0|1,"stdout":"..."}.
type answer struct {
	exitCode int
	stdout   string
}

// request writes the message for the agent. The runtime's configuration is put in as it is: the agent parses it and
// says what is wrong with it.
func request(command string, env func(string) string, config []byte) []byte {
	out := append([]byte(nil), `{"command":`...)
	out = appendString(out, command)
	for _, field := range [][2]string{
		{"containerId", "CNI_CONTAINERID"}, {"netns", "CNI_NETNS"}, {"ifname", "CNI_IFNAME"}, {"args", "CNI_ARGS"},
		{"path", "CNI_PATH"},
	} {
		out = append(out, ',')
		out = appendString(out, field[0])
		out = append(out, ':')
		out = appendString(out, env(field[1]))
	}
	out = append(out, `,"config":`...)
	if len(config) == 0 {
		config = []byte("null")
	}
	out = append(out, config...)
	return append(out, '}')
}

const hex = "0123456789abcdef"

func appendString(out []byte, text string) []byte {
	out = append(out, '"')
	for _, r := range text { // invalid UTF-8 becomes U+FFFD
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r < 0x20:
			out = append(out, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return append(out, '"')
}

func appendInt(out []byte, n int) []byte {
	if n >= 10 {
		out = appendInt(out, n/10)
	}
	return append(out, byte('0'+n%10))
}

const malformed = shimError("the agent's answer is malformed")

// parseAnswer reads a flat JSON object of strings and small numbers; fields it does not know are skipped.
func parseAnswer(text []byte) (answer, error) {
	p := parser{text: text}
	a := answer{exitCode: -1}
	if !p.take('{') {
		return answer{}, malformed
	}
	for first := true; !p.take('}'); first = false {
		if !first && !p.take(',') {
			return answer{}, malformed
		}
		name, ok := p.string()
		if !ok || !p.take(':') {
			return answer{}, malformed
		}
		if p.peek() == '"' {
			value, ok := p.string()
			if !ok {
				return answer{}, malformed
			}
			if name == "stdout" {
				a.stdout = value
			}
		} else {
			value, ok := p.number()
			if !ok {
				return answer{}, malformed
			}
			if name == "exitCode" {
				a.exitCode = value
			}
		}
	}
	if p.peek() != 0 || a.exitCode < 0 || a.exitCode > 1 {
		return answer{}, malformed
	}
	return a, nil
}

type parser struct {
	text []byte
	at   int
}

// peek is the next byte after white space, 0 at the end.
func (p *parser) peek() byte {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; c {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return c
		}
	}
	return 0
}

func (p *parser) take(c byte) bool {
	if p.peek() != c || p.at == len(p.text) {
		return false
	}
	p.at++
	return true
}

func (p *parser) number() (int, bool) {
	p.peek()
	start, n := p.at, 0
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' && p.at-start < 9 {
		n = n*10 + int(p.text[p.at]-'0')
		p.at++
	}
	return n, p.at > start
}

func (p *parser) string() (string, bool) {
	if !p.take('"') {
		return "", false
	}
	var out []byte
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '"':
			return string(out), true
		case c == '\\':
			r, ok := p.escape()
			if !ok {
				return "", false
			}
			out = utf8.AppendRune(out, r)
		case c < 0x20:
			return "", false
		default:
			out = append(out, c)
		}
	}
	return "", false
}

func (p *parser) escape() (rune, bool) {
	if p.at == len(p.text) {
		return 0, false
	}
	c := p.text[p.at]
	p.at++
	switch c {
	case '"', '\\', '/':
		return rune(c), true
	case 'b':
		return '\b', true
	case 'f':
		return '\f', true
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'u':
		high, ok := p.hex4()
		if !ok || high < 0xd800 || high > 0xdbff {
			return high, ok
		}
		// A surrogate pair (RFC 8259, section 7); half a pair becomes U+FFFD as utf8.AppendRune has it.
		if p.at+1 < len(p.text) && p.text[p.at] == '\\' && p.text[p.at+1] == 'u' {
			before := p.at
			p.at += 2
			low, ok := p.hex4()
			if !ok {
				return 0, false
			}
			if low >= 0xdc00 && low <= 0xdfff {
				return 0x10000 + (high-0xd800)<<10 + (low - 0xdc00), true
			}
			p.at = before
		}
		return utf8.RuneError, true
	}
	return 0, false
}

func (p *parser) hex4() (rune, bool) {
	if p.at+4 > len(p.text) {
		return 0, false
	}
	var r rune
	for _, c := range p.text[p.at : p.at+4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	p.at += 4
	return r, true
}

// topLevelString is the value of a string field of a JSON object; empty if there is none. What follows malformed text is
// not looked at.
func topLevelString(text []byte, name string) string {
	p := parser{text: text}
	for depth := 0; p.peek() != 0; {
		switch c := p.peek(); c {
		case '"':
			key, ok := p.string()
			if !ok {
				return ""
			}
			if depth == 1 && p.take(':') && key == name {
				value, _ := p.string()
				return value
			}
		case '{', '[':
			depth++
			p.at++
		case '}', ']':
			depth--
			p.at++
		default:
			p.at++
		}
	}
	return ""
}
