#!/bin/bash
# Process 1 of a node. It runs in the node's new mount, PID, UTS and IPC namespaces, inside its network namespace.
#
# The node's root is an overlay over the host's own, so it has all of the host's programs and nothing it writes
# reaches the host. What overlayfs cannot carry (containerd's snapshots) or hides from the kubelet (its disk's size)
# is bound from the node's own disk, an ext4 image. All mounts end with the namespace.
#
#   NODE  its name         DIR  its folder         CGROUP  its cgroup, from each hierarchy's root
#   SHARED  folders of the host to be seen at the same place: programs, the lab's own files
set -eu

# /proc is still the host's, so this is our id there: the lab enters the node by it.
read -r pid _ < /proc/self/stat
echo "$pid" > "$DIR/pid.new" && mv "$DIR/pid.new" "$DIR/pid"

mount --make-rprivate /
disk=$DIR/disk root=$DIR/disk/root
mkdir -p "$disk"
mount -o loop,noatime,nobarrier "$DIR/disk.img" "$disk"
mkdir -p "$disk"/{upper,work,root,containerd,kubelet}
mount -t overlay -o "lowerdir=/,upperdir=$disk/upper,workdir=$disk/work" overlay "$root"

mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mkdir -p "$root"/run/{lock,netns}

# The first start: nothing of what a host's own Kubernetes left may be seen. A reboot keeps the disk.
if [ ! -e "$disk/booted" ]; then
  for left in var/lib/containerd var/lib/kubelet etc/cni opt/cni var/lib/cni var/lib/weft var/log/pods var/log/containers; do
    rm -rf "${root:?}/$left"
  done
  touch "$disk/booted"
fi
mkdir -p "$root"/{var/lib/containerd,var/lib/kubelet,etc/cni/net.d,opt/cni/bin,var/log/pods,var/log/containers}
mount --bind "$disk/containerd" "$root/var/lib/containerd"
mount --bind "$disk/kubelet" "$root/var/lib/kubelet"
for shared in $SHARED; do
  mkdir -p "$root$shared"
  mount --rbind "$shared" "$root$shared"
done

# The pods' cgroups. In version 1 a new cpuset is empty and unusable until it gets its CPUs.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p "/sys/fs/cgroup$CGROUP"
  for c in cpuset cpu io memory pids hugetlb; do
    echo "+$c" > /sys/fs/cgroup/cgroup.subtree_control 2> /dev/null || true
  done
else
  for hierarchy in /sys/fs/cgroup/*/; do
    mountpoint -q "$hierarchy" && mkdir -p "$hierarchy$CGROUP"
  done
  for file in cpuset.cpus cpuset.mems; do
    cat "/sys/fs/cgroup/cpuset/$file" > "/sys/fs/cgroup/cpuset$CGROUP/$file"
  done
fi

hostname "$NODE"
cd "$root"
echo "$NODE" > etc/hostname
echo "nameserver 172.18.0.1" > etc/resolv.conf
printf '127.0.0.1 localhost %s\n::1 localhost %s\n' "$NODE" "$NODE" > etc/hosts
tr -d - < /proc/sys/kernel/random/uuid > etc/machine-id
mkdir -p .host
pivot_root . .host
cd /
umount -l /.host
# Pods that ask for it see mounts made after they started, as under systemd.
mount --make-rshared /

touch "$DIR/ready"
# Reaps what loses its parent, until the lab ends it.
while :; do
  sleep infinity &
  wait $!
done
