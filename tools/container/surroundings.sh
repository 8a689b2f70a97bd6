# Sourced: where images and containers are kept, apart from anybody else's, and what makes podman work without systemd.
# shellcheck shell=bash disable=SC2034
image=localhost/muster
containers=${MUSTER_CONTAINERS:-/var/cache/muster/containers}
export CONTAINERS_STORAGE_CONF=$containers/storage.conf CONTAINERS_CONF=$containers/containers.conf
mkdir -p "$containers"

# Overlays where the kernel has them, which it has not on top of others: the other way copies the whole of each layer.
driver=vfs
if grep -qw overlay /proc/filesystems && [ "$(stat --file-system --format %T "$containers")" != overlayfs ]; then driver=overlay; fi
cat >"$CONTAINERS_STORAGE_CONF" <<END
[storage]
driver = "$driver"
graphroot = "$containers/$driver"
runroot = "$containers/run"
END

# Default limits would need CAP_SYS_RESOURCE; crun cannot do with both kinds of control groups at once.
cat >"$CONTAINERS_CONF" <<END
[containers]
default_ulimits = []
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
END
