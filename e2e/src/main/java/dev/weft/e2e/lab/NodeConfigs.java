package dev.weft.e2e.lab;

import dev.weft.e2e.images.LabImages;
import java.nio.file.Path;

/** The configuration files of a node's containerd and kubelet. */
final class NodeConfigs {
    private NodeConfigs() {}

    static String containerd() {
        return """
                version = 3
                root = "/var/lib/containerd"
                state = "/run/containerd"
                [grpc]
                  address = "/run/containerd/containerd.sock"
                [plugins.'io.containerd.cri.v1.runtime']
                  enable_selinux = false
                  restrict_oom_score_adj = true
                [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
                  runtime_type = "io.containerd.runc.v2"
                [plugins.'io.containerd.cri.v1.runtime'.cni]
                  bin_dirs = ["/opt/cni/bin"]
                  conf_dir = "/etc/cni/net.d"
                [plugins.'io.containerd.cri.v1.images'.pinned_images]
                  sandbox = "%s"
                """.formatted(LabImages.PAUSE);
    }

    /**
     * The kubelet's configuration.
     *
     * @param cgroup the node's cgroup
     * @param authority the certificate authority of its clients
     */
    static String kubelet(String cgroup, Path authority) {
        return """
                apiVersion: kubelet.config.k8s.io/v1beta1
                kind: KubeletConfiguration
                # Hosts with version 1 of the cgroups are refused without this.
                failCgroupV1: false
                cgroupDriver: cgroupfs
                cgroupRoot: %s
                failSwapOn: false
                clusterDNS: [%s]
                clusterDomain: cluster.local
                containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
                authentication:
                  anonymous: {enabled: false}
                  webhook: {enabled: true}
                  x509: {clientCAFile: %s}
                authorization: {mode: Webhook}
                resolvConf: /etc/resolv.conf
                evictionHard: {memory.available: 100Mi, nodefs.available: 1%%, imagefs.available: 1%%}
                # Nothing can be pulled again.
                imageGCHighThresholdPercent: 100
                nodeStatusUpdateFrequency: 5s
                syncFrequency: 10s
                maxPods: 300
                serializeImagePulls: false
                # Fault tests kill agents often; waiting for minutes between starts would test the kubelet only.
                featureGates: {KubeletCrashLoopBackOffMax: true}
                crashLoopBackOff: {maxContainerRestartPeriod: 1s}
                """.formatted(cgroup, Network.DNS_SERVICE, authority);
    }
}
