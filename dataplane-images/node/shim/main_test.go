package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const config = `{"cniVersion":"1.1.0","name":"weft","type":"weft"}`

// received is one request as the stand-in for the node agent got it.
type received struct {
	request map[string]any
	netns   uint64 // inode, 0 when no descriptor came
}

// listen starts a stand-in for the node agent that answers the n-th request by the function, and gives access to all
// requests so far.
func listen(t *testing.T, dir string, answer func(n int, r received) string) func() []received {
	t.Helper()
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: dir + "/cni.sock", Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var lock sync.Mutex
	var all []received
	go func() {
		for {
			conn, err := listener.AcceptUnix()
			if err != nil {
				return
			}
			r, err := read(conn)
			if err == nil {
				lock.Lock()
				all = append(all, r)
				n := len(all)
				lock.Unlock()
				if reply := answer(n, r); reply != "" {
					frame := binary.BigEndian.AppendUint32(nil, uint32(len(reply)))
					conn.Write(append(frame, reply...))
				}
			}
			conn.Close()
		}
	}()
	return func() []received {
		lock.Lock()
		defer lock.Unlock()
		return append([]received(nil), all...)
	}
}

func read(conn *net.UnixConn) (received, error) {
	head, oob := make([]byte, 4), make([]byte, 64)
	_, n, _, _, err := conn.ReadMsgUnix(head, oob)
	if err != nil {
		return received{}, err
	}
	var r received
	if messages, _ := syscall.ParseSocketControlMessage(oob[:n]); len(messages) == 1 {
		fds, err := syscall.ParseUnixRights(&messages[0])
		if err != nil || len(fds) != 1 {
			return received{}, err
		}
		var stat syscall.Stat_t
		syscall.Fstat(fds[0], &stat)
		syscall.Close(fds[0])
		r.netns = stat.Ino
	}
	body := make([]byte, binary.BigEndian.Uint32(head))
	if _, err := io.ReadFull(conn, body); err != nil {
		return received{}, err
	}
	return r, json.Unmarshal(body, &r.request)
}

// call runs the plugin and returns its exit code and output.
func call(t *testing.T, dir string, stdin string, env map[string]string) (int, string) {
	t.Helper()
	in, out := file(t, stdin), file(t, "")
	code := run(
		settings{dir, 300 * time.Millisecond, 10 * time.Millisecond, 5 * time.Second},
		func(name string) string { return env[name] }, int(in.Fd()), int(out.Fd()))
	text, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	return code, string(text)
}

func file(t *testing.T, text string) *os.File {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "stdio")
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(text)
	f.Seek(0, io.SeekStart)
	t.Cleanup(func() { f.Close() })
	return f
}

func add(netns string) map[string]string {
	return map[string]string{
		"CNI_COMMAND": "ADD", "CNI_CONTAINERID": "c0ffee", "CNI_NETNS": netns, "CNI_IFNAME": "eth0",
		"CNI_ARGS": `K8S_POD_NAME=a"b\c`, "CNI_PATH": "/opt/cni/bin",
	}
}

func errorCode(t *testing.T, output string) float64 {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal([]byte(output), &e); err != nil {
		t.Fatalf("not an error document: %q", output)
	}
	if e["cniVersion"] == "" || e["msg"] == "" {
		t.Fatalf("incomplete error: %q", output)
	}
	return e["code"].(float64)
}

func TestAddHandsOverTheRequestAndTheNamespace(t *testing.T) {
	dir := t.TempDir()
	got := listen(t, dir, func(int, received) string { return `{"exitCode":0,"stdout":"{\"ips\":[\u00e4]}\n"}` })

	code, output := call(t, dir, config, add("/proc/self/ns/net"))

	if code != 0 || output != "{\"ips\":[ä]}\n" {
		t.Fatalf("exit %d, %q", code, output)
	}
	var stat syscall.Stat_t
	syscall.Stat("/proc/self/ns/net", &stat)
	r := got()[0]
	if r.netns != stat.Ino {
		t.Errorf("namespace %d came, not %d", r.netns, stat.Ino)
	}
	for field, want := range map[string]string{
		"command": "ADD", "containerId": "c0ffee", "netns": "/proc/self/ns/net", "ifname": "eth0",
		"args": `K8S_POD_NAME=a"b\c`, "path": "/opt/cni/bin",
	} {
		if r.request[field] != want {
			t.Errorf("%s is %q, not %q", field, r.request[field], want)
		}
	}
	if r.request["config"].(map[string]any)["name"] != "weft" {
		t.Errorf("config is %v", r.request["config"])
	}
}

func TestExitCodeAndOutputAreTheAgents(t *testing.T) {
	dir := t.TempDir()
	listen(t, dir, func(int, received) string { return `{"stdout":"{\"code\":7}","exitCode":1}` })

	if code, output := call(t, dir, config, add("/proc/self/ns/net")); code != 1 || output != `{"code":7}` {
		t.Fatalf("exit %d, %q", code, output)
	}
}

func TestBrokenConnectionIsTriedAgain(t *testing.T) {
	dir := t.TempDir()
	got := listen(t, dir, func(n int, _ received) string {
		if n < 3 {
			return ""
		}
		return `{"exitCode":0,"stdout":"done"}`
	})

	if code, output := call(t, dir, config, add("/proc/self/ns/net")); code != 0 || output != "done" {
		t.Fatalf("exit %d, %q", code, output)
	}
	for i, r := range got() {
		if r.netns == 0 {
			t.Errorf("try %d came without the namespace", i)
		}
	}
}

func TestAgentThatComesLateIsWaitedFor(t *testing.T) {
	dir := t.TempDir()
	time.AfterFunc(100*time.Millisecond, func() {
		listen(t, dir, func(int, received) string { return `{"exitCode":0,"stdout":""}` })
	})

	if code, output := call(t, dir, config, add("/proc/self/ns/net")); code != 0 || output != "" {
		t.Fatalf("exit %d, %q", code, output)
	}
}

func TestAgentThatStaysAwayIsTryAgainLater(t *testing.T) {
	code, output := call(t, t.TempDir(), config, add("/proc/self/ns/net"))

	if code != 1 || errorCode(t, output) != codeTryAgainLater {
		t.Fatalf("exit %d, %q", code, output)
	}
}

func TestOnlyNetworkNamespacesArePassed(t *testing.T) {
	for _, path := range []string{"/nonexistent", "/proc/self/status", t.TempDir()} {
		code, output := call(t, t.TempDir(), config, add(path))
		if code != 1 || errorCode(t, output) != codeInvalidEnvironment {
			t.Errorf("%s: exit %d, %q", path, code, output)
		}
	}
}

func TestDelOfAGoneNamespaceStillReachesTheAgent(t *testing.T) {
	dir := t.TempDir()
	got := listen(t, dir, func(int, received) string { return `{"exitCode":0,"stdout":""}` })
	for _, netns := range []string{"", "/nonexistent"} {
		env := add(netns)
		env["CNI_COMMAND"] = "DEL"
		if code, output := call(t, dir, config, env); code != 0 || output != "" {
			t.Fatalf("exit %d, %q", code, output)
		}
	}
	if len(got()) != 2 || got()[0].netns != 0 || got()[1].netns != 0 {
		t.Errorf("got %v", got())
	}
}

func TestVersionNeedsNoAgent(t *testing.T) {
	code, output := call(t, t.TempDir(), `{"cniVersion":"1.0.0"}`, map[string]string{"CNI_COMMAND": "VERSION"})

	if code != 0 || output != versions {
		t.Fatalf("exit %d, %q", code, output)
	}
}

func TestStatusWithoutAgentGoesByTheHeartbeat(t *testing.T) {
	dir := t.TempDir()
	env := map[string]string{"CNI_COMMAND": "STATUS"}
	if code, output := call(t, dir, config, env); code != 1 || errorCode(t, output) != codeNotAvailable {
		t.Fatalf("no heartbeat: exit %d, %q", code, output)
	}
	heartbeat := filepath.Join(dir, "heartbeat")
	os.WriteFile(heartbeat, nil, 0o644)
	if code, output := call(t, dir, config, env); code != 0 || output != "" {
		t.Fatalf("young heartbeat: exit %d, %q", code, output)
	}
	old := time.Now().Add(-heartbeatFor - time.Second)
	os.Chtimes(heartbeat, old, old)
	if code, output := call(t, dir, config, env); code != 1 || errorCode(t, output) != codeNotAvailable {
		t.Fatalf("old heartbeat: exit %d, %q", code, output)
	}
}

// An agent that has just taken over does not serve pods yet; the heartbeat of the one before it stands in, for as long as
// for an agent that is away. After that the agent's own word counts.
func TestStatusOfAnAgentThatIsNotReadyGoesByTheHeartbeat(t *testing.T) {
	dir := t.TempDir()
	heartbeat := filepath.Join(dir, "heartbeat")
	os.WriteFile(heartbeat, nil, 0o644)
	listen(t, dir, func(int, received) string { return `{"exitCode":1,"stdout":"{\"code\":50,\"msg\":\"x\"}"}` })
	env := map[string]string{"CNI_COMMAND": "STATUS"}

	if code, output := call(t, dir, config, env); code != 0 || output != "" {
		t.Fatalf("young heartbeat: exit %d, %q", code, output)
	}
	old := time.Now().Add(-heartbeatFor - time.Second)
	os.Chtimes(heartbeat, old, old)
	if code, output := call(t, dir, config, env); code != 1 || errorCode(t, output) != codeNotAvailable {
		t.Fatalf("old heartbeat: exit %d, %q", code, output)
	}
	os.Remove(heartbeat)
	if code, output := call(t, dir, config, env); code != 1 || errorCode(t, output) != codeNotAvailable {
		t.Fatalf("no heartbeat: exit %d, %q", code, output)
	}
}

func TestNoDescriptorIsLeaked(t *testing.T) {
	dir := t.TempDir()
	listen(t, dir, func(int, received) string { return `{"exitCode":0,"stdout":""}` })
	call(t, dir, config, add("/proc/self/ns/net"))
	count := func() int {
		entries, _ := os.ReadDir("/proc/self/fd")
		n := 0
		for _, entry := range entries {
			if target, _ := os.Readlink("/proc/self/fd/" + entry.Name()); strings.HasPrefix(target, "net:") {
				n++
			}
		}
		return n
	}
	if n := count(); n != 0 {
		t.Errorf("%d namespace descriptors left open", n)
	}
}

func FuzzStringsAreWrittenAsJSON(f *testing.F) {
	f.Add("plain")
	f.Add("quote \" back \\ new\nline \x00 \xff ü 🧵")
	f.Fuzz(func(t *testing.T, text string) {
		var got string
		if err := json.Unmarshal(appendString(nil, text), &got); err != nil {
			t.Fatal(err)
		}
		if want := strings.ToValidUTF8(text, "\ufffd"); got != want && len(want) == len(got) {
			t.Errorf("%q became %q", want, got)
		}
	})
}

// Whatever our parser takes, the standard one reads the same.
func FuzzAnswersAreReadAsJSON(f *testing.F) {
	f.Add([]byte(`{"exitCode":0,"stdout":"a\"\\\/\b\f\n\r\t\u00e4\ud83e\uddf5"}`))
	f.Add([]byte(` { "stdout" : "" , "more" : 7 , "exitCode" : 1 } `))
	f.Add([]byte(`{"exitCode":0,"stdout":"\ud800\u0041"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		ours, err := parseAnswer(text)
		if err != nil || !bytes.Contains(text, []byte(`"exitCode"`)) || hasDuplicates(text) {
			return
		}
		var theirs map[string]any
		if err := json.Unmarshal(text, &theirs); err != nil {
			return // leading zeros and the like, which the agent does not write
		}
		stdout, _ := theirs["stdout"].(string)
		if stdout != strings.ToValidUTF8(ours.stdout, "\ufffd") && len(stdout) == len(ours.stdout) {
			t.Errorf("%q is read as %q, not %q", text, ours.stdout, stdout)
		}
	})
}

func hasDuplicates(text []byte) bool {
	return bytes.Count(text, []byte("stdout")) > 1
}
