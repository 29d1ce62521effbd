# shellcheck shell=sh
# To be sourced: packages of Debian without installing them, for servers that tests start.
# Nothing is started, no user or service is made, and root is not needed.

servers=${LIBLINK_SERVERS:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/liblink/servers}

fail() {
  printf '%s\n' "$0: $*" >&2
  exit 1
}

# An apt-get that keeps its lists under $servers, for who may not write the machine's own.
own_apt() {
  mkdir -p "$servers/apt/lists/partial" "$servers/apt/cache/archives/partial"
  apt-get -q -o Dir::State="$servers/apt" -o Dir::State::Lists="$servers/apt/lists" \
    -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$servers/apt/cache" \
    -o APT::Sandbox::User=root -o Debug::NoLocking=1 "$@"
}

# from_debian NAME PACKAGE...: extracts the packages into $servers/NAME, once. Two who do it at the same
# time each work in a directory of their own; the first to finish wins.
from_debian() {
  name=$1
  shift
  [ -d "$servers/$name" ] && return 0
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
    fail "there are no Debian packages here (no apt-get): install $* by hand, so that it is in PATH"
  mkdir -p "$servers" || fail "can't make the directory $servers; LIBLINK_SERVERS names another"
  work=$(mktemp -d "$servers/$name.XXXXXX") || fail "can't write into $servers"
  trap 'rm -rf "$work"' EXIT
  (
    cd "$work" || exit 1
    mkdir debs root && cd debs || exit 1
    apt-get -q -o APT::Sandbox::User=root download "$@" ||
      { own_apt update && own_apt download "$@"; } || exit 1
    for deb in *.deb; do
      dpkg-deb -x "$deb" ../root || exit 1
    done
  ) >&2 || fail "could not download $* from Debian: is the network there, and a mirror in /etc/apt?"
  mv -T "$work/root" "$servers/$name" 2>/dev/null || [ -d "$servers/$name" ] ||
    fail "could not move $work/root to $servers/$name"
}
