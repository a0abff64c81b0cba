package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"time"
)

// api is a client of the API server that does no more than these measurements need: it must cost as little as possible
// beside what is measured.
type api struct {
	server string
	token  string
	client *http.Client
}

var (
	kubeconfigServer    = regexp.MustCompile(`server: "?([^",}\s]+)`)
	kubeconfigAuthority = regexp.MustCompile(`certificate-authority-data: ([A-Za-z0-9+/=]+)`)
	kubeconfigToken     = regexp.MustCompile(`token: ([0-9a-f]+)`)
)

// openAPI reads one of the lab's kubeconfigs: one server, one authority, one token.
func openAPI(kubeconfig string, connections int) (*api, error) {
	content, err := os.ReadFile(kubeconfig)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, field := range []*regexp.Regexp{kubeconfigServer, kubeconfigAuthority, kubeconfigToken} {
		match := field.FindSubmatch(content)
		if match == nil {
			return nil, fmt.Errorf("%s has no %s", kubeconfig, field)
		}
		found = append(found, string(match[1]))
	}
	authority, err := base64.StdEncoding.DecodeString(found[1])
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("%s: the certificate authority is no certificate", kubeconfig)
	}
	return &api{server: found[0], token: found[2], client: &http.Client{
		Timeout: time.Minute,
		Transport: &http.Transport{
			TLSClientConfig:     &tls.Config{RootCAs: pool},
			MaxIdleConnsPerHost: connections,
			MaxConnsPerHost:     connections,
		},
	}}, nil
}

// put writes an object whatever is there.
func (a *api) put(collection, name string, object any) error {
	status, answer, err := a.send(http.MethodPut, collection+"/"+name, object)
	if err == nil && status == http.StatusNotFound {
		status, answer, err = a.send(http.MethodPost, collection, object)
	}
	if err == nil && status >= 300 {
		err = fmt.Errorf("write %s/%s: status %d: %.300s", collection, name, status, answer)
	}
	return err
}

// create writes an object unless it is there.
func (a *api) create(collection string, object any) error {
	status, answer, err := a.send(http.MethodPost, collection, object)
	if err == nil && status >= 300 && status != http.StatusConflict && !bytes.Contains(answer, []byte("already allocated")) {
		err = fmt.Errorf("create in %s: status %d: %.300s", collection, status, answer)
	}
	return err
}

func (a *api) send(method, path string, object any) (int, []byte, error) {
	return a.sendAs(method, path, "application/json", object)
}

func (a *api) sendAs(method, path, contentType string, object any) (int, []byte, error) {
	body, err := json.Marshal(object)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequest(method, a.server+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	request.Header.Set("Content-Type", contentType)
	response, err := a.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}
