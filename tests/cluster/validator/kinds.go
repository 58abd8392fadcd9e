package main

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corev1conv "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	"k8s.io/kubernetes/pkg/apis/rbac"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	"k8s.io/kubernetes/pkg/apis/storage"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolume"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/podtemplate"
	"k8s.io/kubernetes/pkg/registry/core/replicationcontroller"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/storage/storageclass"
)

var strategies = map[schema.GroupKind]rest.RESTCreateStrategy{
	apps.Kind("DaemonSet"):                      daemonset.Strategy,
	apps.Kind("Deployment"):                     deployment.Strategy,
	apps.Kind("ReplicaSet"):                     replicaset.Strategy,
	apps.Kind("StatefulSet"):                    statefulset.Strategy,
	autoscaling.Kind("HorizontalPodAutoscaler"): horizontalpodautoscaler.Strategy,
	batch.Kind("CronJob"):                       cronjob.Strategy,
	batch.Kind("Job"):                           job.Strategy,
	core.Kind("ConfigMap"):                      configmap.Strategy,
	core.Kind("LimitRange"):                     limitrange.Strategy,
	core.Kind("Namespace"):                      namespace.Strategy,
	core.Kind("PersistentVolume"):               persistentvolume.Strategy,
	core.Kind("PersistentVolumeClaim"):          persistentvolumeclaim.Strategy,
	core.Kind("Pod"):                            pod.Strategy,
	core.Kind("PodTemplate"):                    podtemplate.Strategy,
	core.Kind("ReplicationController"):          replicationcontroller.Strategy,
	core.Kind("ResourceQuota"):                  resourcequota.Strategy,
	core.Kind("Secret"):                         secret.Strategy,
	core.Kind("Service"):                        service.Strategy,
	core.Kind("ServiceAccount"):                 serviceaccount.Strategy,
	networking.Kind("Ingress"):                  ingress.Strategy,
	networking.Kind("NetworkPolicy"):            networkpolicy.Strategy,
	policy.Kind("PodDisruptionBudget"):          poddisruptionbudget.Strategy,
	rbac.Kind("ClusterRole"):                    clusterrole.Strategy,
	rbac.Kind("ClusterRoleBinding"):             clusterrolebinding.Strategy,
	rbac.Kind("Role"):                           role.Strategy,
	rbac.Kind("RoleBinding"):                    rolebinding.Strategy,
	storage.Kind("StorageClass"):                storageclass.Strategy,
}

// podOf is the template of the pods that an object makes, or nil.
func podOf(object runtime.Object) *corev1.PodTemplateSpec {
	var found *core.PodTemplateSpec
	switch each := object.(type) {
	case *core.Pod:
		found = &core.PodTemplateSpec{ObjectMeta: each.ObjectMeta, Spec: each.Spec}
	case *apps.Deployment:
		found = &each.Spec.Template
	case *apps.StatefulSet:
		found = &each.Spec.Template
	case *apps.DaemonSet:
		found = &each.Spec.Template
	case *apps.ReplicaSet:
		found = &each.Spec.Template
	case *batch.Job:
		found = &each.Spec.Template
	case *batch.CronJob:
		found = &each.Spec.JobTemplate.Spec.Template
	default:
		return nil
	}
	var external corev1.PodTemplateSpec
	if err := corev1conv.Convert_core_PodTemplateSpec_To_v1_PodTemplateSpec(found, &external, nil); err != nil {
		panic(err)
	}
	return &external
}

// versioned is an object in the version in which it was written, with its defaults.
func versioned(object runtime.Object, kind schema.GroupVersionKind) runtime.Object {
	external, err := legacyscheme.Scheme.ConvertToVersion(object.DeepCopyObject(), kind.GroupVersion())
	if err != nil {
		panic(err)
	}
	external.GetObjectKind().SetGroupVersionKind(kind)
	return external
}
