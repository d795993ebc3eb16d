#!/bin/sh
# Build container images from Debian's packages, side by side: build-images.sh PREFIX RELEASE...
# SPDX-License-Identifier: GPL-3.0-or-later
# PACKAGES: names, separated by commas. CACHED_PACKAGES: see customize-image.sh. RECIPE: the images' comment.
# OUTSIDE_PACKAGES: names of what PREFIXoutside-RELEASE, the image of the host outside, has installed.
set -eu
prefix=$1
shift
here=$(dirname "$0")

# The mirror and the proxy that this machine's own apt uses; file: and cdrom: are of no use inside.
mirror_of() { # label, fallback
    # shellcheck disable=SC2016 # apt expands these
    apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' |
        sed -n "s|^$1 \(https\{0,1\}://.*\)|\1|p" | grep . || echo "$2"
}
mirror=$(mirror_of Debian http://deb.debian.org/debian | head -n 1)
security=$(mirror_of Debian-Security http://deb.debian.org/debian-security | head -n 1)
proxy=
eval "$(apt-config shell proxy Acquire::http::Proxy)"
case $proxy in
    *//localhost[:/]* | *//127.* | *//\[::1\]*) export BUILD_ONLY_PROXY=yes ;;
esac

build() { # release
    mmdebstrap --quiet --mode=root --variant=apt --skip=cleanup/apt --include="$PACKAGES" \
        ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} \
        --customize-hook="$here/customize-image.sh" "$1" "$folder/$1.tar" \
        "deb $mirror $1 main" "deb $mirror $1-updates main" "deb $security $1-security main"
    podman import --quiet --message "$RECIPE" --change 'CMD ["/sbin/init"]' --change 'LABEL postern_image=yes' \
        "$folder/$1.tar" "$prefix$1"
    furnish "$1"
}

furnish() { # release; its packages were downloaded for the image that it stands on
    # shellcheck disable=SC2086 # a list of names
    container=$(podman create --network none --label postern_lab=image "$prefix$1" sh -ec '
        printf "#!/bin/sh\nexit 101\n" >/usr/sbin/policy-rc.d
        chmod 755 /usr/sbin/policy-rc.d
        DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends "$@"
        rm /usr/sbin/policy-rc.d
        systemctl --quiet disable unbound postfix dovecot # until they are configured' sh $OUTSIDE_PACKAGES)
    podman start --attach "$container" >"$folder/$1.log" 2>&1 || {
        cat "$folder/$1.log" >&2
        return 1
    }
    podman commit --quiet --format docker --message "$RECIPE" --change 'CMD ["/sbin/init"]' "$container" "${prefix}outside-$1" >/dev/null
    podman rm "$container" >/dev/null
}

folder=$(mktemp --directory --tmpdir postern-lab-image-XXXXXX)
trap 'rm -rf "$folder"' EXIT
builders=
for release in "$@"; do
    build "$release" &
    builders="$builders $!"
done
for builder in $builders; do
    wait "$builder"
done
# Former images go, unless a container still stands on them.
podman image prune --force --filter label=postern_image=yes >/dev/null
