// The programs of a Kubernetes control plane in one file, which does what it is called by.
package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"

	certificates "k8s.io/client-go/util/cert"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func main() {
	switch name := filepath.Base(os.Args[0]); name {
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllers.NewControllerManagerCommand()))
	case "kube-scheduler":
		os.Exit(cli.Run(scheduler.NewSchedulerCommand()))
	case "self-signed":
		if err := selfSigned(os.Args[1], os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		fmt.Fprintf(os.Stderr, "%s is no part of the control plane\n", name)
		os.Exit(2)
	}
}

// selfSigned writes a certificate of this machine for some names into a folder, and its key.
func selfSigned(folder string, names []string) error {
	loopback := []net.IP{net.IPv4(127, 0, 0, 1)}
	certificate, key, err := certificates.GenerateSelfSignedCertKey("localhost", loopback, names)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "tls.crt"), certificate, 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "tls.key"), key, 0o600)
}
