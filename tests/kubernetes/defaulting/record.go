// Prints objects with the defaults of the API server, one a line: from {"id", "body"} on stdin to
// {"id", "object"}. It needs a module that requires k8s.io/kubernetes v1.34.4, with `replace`
// lines for its staging repositories; CGO is not needed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/versioning"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
)

func main() {
	s := legacyscheme.Scheme
	ser := kjson.NewSerializerWithOptions(kjson.DefaultMetaFactory, s, s, kjson.SerializerOptions{})
	dec := versioning.NewDefaultingCodecForScheme(s, nil, ser, nil, runtime.InternalGroupVersioner)
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	for in.Scan() {
		var req struct {
			ID   string
			Body json.RawMessage
		}
		if err := json.Unmarshal(in.Bytes(), &req); err != nil {
			panic(err)
		}
		out := map[string]any{"id": req.ID}
		var gvk *schema.GroupVersionKind
		obj, gvk, err := dec.Decode(req.Body, nil, nil)
		if err != nil {
			out["decode"] = err.Error()
		} else {
			ext, err := s.ConvertToVersion(obj, gvk.GroupVersion())
			if err != nil {
				out["convert"] = err.Error()
			} else {
				out["object"] = ext
			}
		}
		b, _ := json.Marshal(out)
		fmt.Println(string(b))
	}
}
