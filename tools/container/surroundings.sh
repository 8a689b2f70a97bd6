# Sourced: keeps images and containers apart from those of other users, and makes podman work without systemd.
# shellcheck shell=bash disable=SC2034
image=localhost/muster
containers=${MUSTER_CONTAINERS:-/var/cache/muster/containers}
export CONTAINERS_STORAGE_CONF=$containers/storage.conf CONTAINERS_CONF=$containers/containers.conf
mkdir -p "$containers"

# Overlays where supported, which is not the case on top of another overlay; vfs copies each layer completely.
driver=vfs
if grep -qw overlay /proc/filesystems && [ "$(stat --file-system --format %T "$containers")" != overlayfs ]; then driver=overlay; fi
cat >"$CONTAINERS_STORAGE_CONF" <<END
[storage]
driver = "$driver"
graphroot = "$containers/$driver"
runroot = "$containers/run"
END

# Default limits would need CAP_SYS_RESOURCE; crun does not work with both kinds of control groups at once.
cat >"$CONTAINERS_CONF" <<END
[containers]
default_ulimits = []
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
END
