#!/bin/sh
# mmdebstrap's customize hook: turns the bare system in $1 into the lab's image.
# SPDX-License-Identifier: GPL-3.0-or-later
# CACHED_PACKAGES: one line for each set of packages to download but not to install.
set -eu
root=$1

put() { # path mode, content on standard input
    mkdir -p "$root${1%/*}"
    cat >"$root$1"
    chmod "$2" "$root$1"
}

# On a cgroup v1 host, bookworm's systemd waits 90 seconds for some services to stop.
put /etc/systemd/system.conf.d/postern-lab.conf 0644 <<'EOF'
[Manager]
DefaultTimeoutStopSec=10s
EOF

# Each container makes host keys of its own; those of the image are known to all.
rm -f "$root"/etc/ssh/ssh_host_*
put /etc/systemd/system/ssh.service.d/postern-lab.conf 0644 <<'EOF'
[Service]
ExecStartPre=
ExecStartPre=/usr/bin/ssh-keygen -A
ExecStartPre=/usr/sbin/sshd -t
EOF
put /etc/ssh/sshd_config.d/postern-lab.conf 0644 <<'EOF'
PasswordAuthentication no
UseDNS no
EOF

# The image brings package lists and packages along: they count as fresh when the container starts,
# and nothing throws them away or fetches others behind Ansible's back.
put /etc/systemd/system/postern-lab-packages.service 0644 <<'EOF'
[Unit]
Description=Count the package lists of the lab's image as fresh
[Service]
Type=oneshot
ExecStart=/usr/bin/touch /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp
[Install]
WantedBy=multi-user.target
EOF
mkdir -p "$root/var/lib/apt/periodic"
chroot "$root" systemctl enable --quiet postern-lab-packages.service
chroot "$root" systemctl mask --quiet apt-daily.timer apt-daily-upgrade.timer
put /etc/apt/apt.conf.d/90postern-lab 0644 <<'EOF'
Binary::apt::APT::Keep-Downloaded-Packages "true";
EOF

chroot "$root" apt-get clean
printf '%s\n' "$CACHED_PACKAGES" | while read -r packages; do
    # shellcheck disable=SC2086 # a list of names
    chroot "$root" apt-get install --quiet=2 --yes --no-install-recommends --download-only $packages ||
        echo "this release lacks some of: $packages" >&2
done

# A proxy on the builder's own loopback serves the build, but no container reaches it.
if [ -n "${BUILD_ONLY_PROXY:-}" ]; then
    rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap"
fi
: >"$root/etc/machine-id"
