package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestTopLevelStringIsWhatJSONSays(t *testing.T) {
	for text, want := range map[string]string{
		`{"cniVersion":"0.3.1"}`:                                    "0.3.1",
		`{ "name" : "x", "cniVersion" : "1.0.0" }`:                  "1.0.0",
		`{"plugins":[{"cniVersion":"0.1.0"}],"cniVersion":"1.1.0"}`: "1.1.0",
		`{"name":"cniVersion","x":1}`:                               "",
		`{"cniVersion":7}`:                                          "",
		`{"cniVersion`:                                              "",
		``:                                                          "",
	} {
		if got := topLevelString([]byte(text), "cniVersion"); got != want {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}

func FuzzTopLevelStringEnds(f *testing.F) {
	f.Add([]byte(`{"a":{"cniVersion":"x"},"cniVersion":"y"}`))
	f.Fuzz(func(t *testing.T, text []byte) { topLevelString(text, "cniVersion") })
}

func TestLoopbackIsSetUp(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("needs root, for a network namespace")
	}
	folder := t.TempDir()
	program := filepath.Join(folder, loopbackName)
	if out, err := exec.Command("go", "build", "-o", filepath.Join(folder, "weft"), ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Symlink("weft", program); err != nil {
		t.Fatal(err)
	}
	script := `cp /dev/null ns && mount --bind /proc/self/ns/net ns &&
		CNI_COMMAND=ADD CNI_NETNS=$PWD/ns unshare --net ./loopback && ip -br link show lo`
	command := exec.Command("unshare", "--net", "--mount", "sh", "-c", script)
	command.Dir = folder
	command.Stdin = strings.NewReader(`{"cniVersion":"0.3.1","name":"cni-loopback","type":"loopback"}`)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	result, link, _ := strings.Cut(string(out), "}]}")
	var answer struct {
		CNIVersion string
		IPs        []struct{ Version, Address string }
	}
	if err := json.Unmarshal([]byte(result+"}]}"), &answer); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if answer.CNIVersion != "0.3.1" || len(answer.IPs) != 2 || answer.IPs[1].Version != "6" {
		t.Errorf("answer %s", result)
	}
	if !strings.Contains(link, "UP") {
		t.Errorf("lo is not up: %s", link)
	}
}
