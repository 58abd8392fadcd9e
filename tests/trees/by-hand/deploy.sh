kubectl create serviceaccount web --namespace shop
kubectl create configmap from-script --from-file conf/
kubectl apply -f k8s/
