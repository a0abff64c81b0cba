package main

import (
	"runtime"
	"syscall"
	"unsafe"
)

// Container runtimes set up lo of every pod by a plugin named loopback. Where the host brings none, the agent links that
// name to this program, which then does what the reference plugin does, without the agent.

const loopbackName = "loopback"

const loopbackVersions = `{"cniVersion":"1.1.0","supportedVersions":["0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}`

// calledAs is the name by which this program was executed, as the kernel keeps it (proc(5), comm).
func calledAs() string {
	fd, err := syscall.Open("/proc/self/comm", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer syscall.Close(fd)
	name := make([]byte, 32)
	n, err := syscall.Read(fd, name)
	if err != nil || n < 1 {
		return ""
	}
	return string(name[:n-1])
}

// loopback serves one call of the loopback plugin and returns its exit code. DEL does nothing: lo goes with its namespace.
func loopback(env func(string) string, stdin, stdout int) int {
	config, err := readAll(stdin)
	if err != nil {
		return fail(stdout, codeIOFailure, "cannot read the network configuration from standard input", err.Error())
	}
	switch env("CNI_COMMAND") {
	case "VERSION":
		return finish(stdout, answer{0, loopbackVersions})
	case "ADD", "CHECK":
		netns := env("CNI_NETNS")
		if err := setUp(netns); err != nil {
			return fail(stdout, codeInvalidEnvironment, "cannot set up lo in CNI_NETNS "+netns, err.Error())
		}
		if env("CNI_COMMAND") == "ADD" {
			return finish(stdout, answer{0, loopbackResult(config, netns)})
		}
	}
	return 0
}

func loopbackResult(config []byte, netns string) string {
	version := topLevelString(config, "cniVersion")
	ipv4, ipv6 := "", ""
	if len(version) > 1 && version[:2] == "0." { // each address said its family then
		ipv4, ipv6 = `"version":"4",`, `"version":"6",`
	}
	out := append([]byte(nil), `{"cniVersion":`...)
	out = appendString(out, version)
	out = append(out, `,"interfaces":[{"name":"lo","mac":"00:00:00:00:00:00","sandbox":`...)
	out = appendString(out, netns)
	out = append(out, `}],"ips":[{`+ipv4+`"interface":0,"address":"127.0.0.1/8"},{`+ipv6+
		`"interface":0,"address":"::1/128"}]}`...)
	return string(out)
}

// setUp enters the namespace, which only this thread of a program about to end does, and sets lo up (netdevice(7)).
func setUp(netns string) error {
	fd, err := openNetns(netns)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	runtime.LockOSThread()
	if _, _, errno := syscall.RawSyscall(sysSetns, uintptr(fd), syscall.CLONE_NEWNET, 0); errno != 0 {
		return errno
	}
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(socket)
	request := struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{name: [syscall.IFNAMSIZ]byte{'l', 'o'}}
	for _, code := range []uintptr{syscall.SIOCGIFFLAGS, syscall.SIOCSIFFLAGS} {
		pointer := uintptr(unsafe.Pointer(&request))
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(socket), code, pointer); errno != 0 {
			return errno
		}
		request.flags |= syscall.IFF_UP
	}
	return nil
}
