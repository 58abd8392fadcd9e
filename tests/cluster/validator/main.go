// What the API server makes of an object that is to be created, without a server.
//
// Each line of standard input is one request, {"id": …, "body": the object}, each line of
// standard output its answer. The functions are Kubernetes' own: the strict decoder, defaulting,
// and of each kind the strategy of its registry, which prepares and validates.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/versioning"
	"k8s.io/apimachinery/pkg/util/validation/field"
	request "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	apiservice "k8s.io/kubernetes/pkg/api/service"
	"k8s.io/kubernetes/pkg/apis/core"
	corev "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/capabilities"
	psapi "k8s.io/pod-security-admission/api"
	psp "k8s.io/pod-security-admission/policy"
)

type answer struct {
	ID string `json:"id"`
	// Decode is why the object cannot be read, for which a server answers 400.
	Decode string `json:"decode,omitempty"`
	// Errors are path, reason and message of each fault, for which a server answers 422.
	Errors   [][3]string `json:"errors,omitempty"`
	Other    string      `json:"other,omitempty"`
	Warnings []string    `json:"warnings,omitempty"`
	// Baseline and Restricted are what the levels of PodSecurity forbid of its pods.
	Baseline   []string       `json:"baseline,omitempty"`
	Restricted []string       `json:"restricted,omitempty"`
	Object     runtime.Object `json:"object,omitempty"`
}

func main() {
	capabilities.Setup(true, 0)
	judge := newJudge()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var asked struct {
			ID     string
			Body   json.RawMessage
			Object bool
		}
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		said := judge.of(asked.Body, asked.Object)
		said.ID = asked.ID
		if err := out.Encode(said); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
}

type judge struct {
	decoder   runtime.Decoder
	evaluator psp.Evaluator
}

func newJudge() judge {
	scheme := legacyscheme.Scheme
	strict := kjson.SerializerOptions{Strict: true}
	serializer := kjson.NewSerializerWithOptions(kjson.DefaultMetaFactory, scheme, scheme, strict)
	hub := runtime.InternalGroupVersioner
	evaluator, err := psp.NewEvaluator(psp.DefaultChecks())
	if err != nil {
		panic(err)
	}
	return judge{versioning.NewDefaultingCodecForScheme(scheme, nil, serializer, nil, hub), evaluator}
}

func (j judge) of(body []byte, wanted bool) (said answer) {
	defer func() {
		if cause := recover(); cause != nil {
			said.Other = fmt.Sprintf("panic: %v", cause)
		}
	}()
	object, kind, err := j.decoder.Decode(body, nil, nil)
	if err != nil {
		// A strict decoder returns what it could read as well.
		said.Decode = err.Error()
		return said
	}
	if wanted {
		said.Object = versioned(object, *kind)
	}
	if pod := podOf(object); pod != nil {
		said.Baseline = j.forbidden(psapi.LevelBaseline, pod)
		said.Restricted = j.forbidden(psapi.LevelRestricted, pod)
	}
	said.create(object, *kind)
	return said
}

func (j judge) forbidden(level psapi.Level, pod *corev1.PodTemplateSpec) (found []string) {
	latest := psapi.LevelVersion{Level: level, Version: psapi.LatestVersion()}
	for _, each := range j.evaluator.EvaluatePod(latest, &pod.ObjectMeta, &pod.Spec) {
		if !each.Allowed {
			found = append(found, each.ForbiddenReason+" ("+each.ForbiddenDetail+")")
		}
	}
	return found
}

// create does what the registry does before it writes to the store.
func (said *answer) create(object runtime.Object, kind schema.GroupVersionKind) {
	strategy, known := strategies[kind.GroupKind()]
	if !known {
		said.Other = "no strategy for " + kind.String()
		return
	}
	named, err := meta.Accessor(object)
	if err != nil {
		said.Other = err.Error()
		return
	}
	namespace := ""
	if strategy.NamespaceScoped() {
		if namespace = named.GetNamespace(); namespace == "" {
			namespace = "default"
			named.SetNamespace(namespace)
		}
	}
	ctx := warning.WithWarningRecorder(request.WithNamespace(context.Background(), namespace), said)
	rest.FillObjectMetaSystemFields(named)
	named.SetUID("00000000-0000-0000-0000-000000000000")
	if named.GetName() == "" && named.GetGenerateName() != "" {
		// A server draws five characters, for which the beginning is cut.
		beginning := named.GetGenerateName()
		named.SetName(beginning[:min(len(beginning), 58)] + "00000")
	}
	if service, is := object.(*core.Service); is {
		if err := allocate(service); err != nil {
			said.refuse(err)
			return
		}
	}
	if err := rest.BeforeCreate(strategy, ctx, object); err != nil {
		said.refuse(err)
	} else if namespace, is := object.(*core.Namespace); is {
		// Admission judges the labels of PodSecurity.
		if _, found := psapi.PolicyToEvaluate(namespace.Labels, psapi.Policy{}); len(found) > 0 {
			said.refuse(apierrors.NewInvalid(kind.GroupKind(), namespace.Name, found))
		}
	}
}

// AddWarning implements a warning.Recorder.
func (said *answer) AddWarning(_, text string) {
	said.Warnings = append(said.Warnings, text)
}

func (said *answer) refuse(err error) {
	var status *apierrors.StatusError
	if !errors.As(err, &status) || !apierrors.IsInvalid(err) {
		said.Other = err.Error()
		return
	}
	for _, cause := range status.ErrStatus.Details.Causes {
		said.Errors = append(said.Errors, [3]string{cause.Field, string(cause.Type), cause.Message})
	}
}

// allocate does what the storage of Services does first: one IP family, as most clusters have, and
// the usual range of node ports.
func allocate(service *core.Service) error {
	spec := &service.Spec
	if spec.ClusterIP != "" && len(spec.ClusterIPs) == 0 {
		spec.ClusterIPs = []string{spec.ClusterIP}
	}
	if spec.Type == core.ServiceTypeExternalName {
		return nil
	}
	selectorless := spec.ClusterIP == core.ClusterIPNone && len(spec.Selector) == 0
	if spec.IPFamilyPolicy == nil {
		policy := core.IPFamilyPolicySingleStack
		if selectorless {
			policy = core.IPFamilyPolicyRequireDualStack
		}
		spec.IPFamilyPolicy = &policy
	}
	found := corev.ValidateServiceClusterIPsRelatedFields(service, nil)
	if len(found) == 0 && (spec.Type == core.ServiceTypeNodePort || spec.Type == core.ServiceTypeLoadBalancer) {
		found = nodePorts(spec.Ports)
	}
	if len(found) > 0 {
		return apierrors.NewInvalid(core.Kind("Service"), service.Name, found)
	}
	if len(spec.IPFamilies) == 0 {
		spec.IPFamilies = []core.IPFamily{core.IPv4Protocol}
		if selectorless && *spec.IPFamilyPolicy != core.IPFamilyPolicySingleStack {
			spec.IPFamilies = append(spec.IPFamilies, core.IPv6Protocol)
		}
	}
	if apiservice.NeedsHealthCheck(service) && spec.HealthCheckNodePort == 0 {
		spec.HealthCheckNodePort = firstNodePort
	}
	return nil
}

const firstNodePort, lastNodePort = 30000, 32767

func nodePorts(ports []core.ServicePort) (found field.ErrorList) {
	for index, port := range ports {
		if at := port.NodePort; at != 0 && (at < firstNodePort || at > lastNodePort) {
			path := field.NewPath("spec", "ports").Index(index).Child("nodePort")
			found = append(found, field.Invalid(path, at, "provided port is not in the valid range"))
		}
	}
	return found
}
