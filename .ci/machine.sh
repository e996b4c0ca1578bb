# shellcheck shell=sh
# What ./demo and ./check have in common: they find a JDK and Maven, and get what a machine lacks.
# Everything said goes to standard error: standard output belongs to who calls.

readonly OLDEST_JDK=17
readonly OLDEST_MAVEN=3.8.7

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  say "${0##*/}: $*"
  exit 1
}

# Sets and exports JAVA_HOME; installs a JDK where none is new enough.
need_jdk() {
  if ! find_jdk; then
    install_packages jdk
    find_jdk || fail "no JDK $OLDEST_JDK or later was found, though one was installed; set JAVA_HOME"
  fi
  export JAVA_HOME
}

find_jdk() {
  for home in "${JAVA_HOME:-}" "$(jdk_on_path)" /usr/lib/jvm/* /usr/java/* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ "$(jdk_major "$home")" -ge "$OLDEST_JDK" ]; then
      JAVA_HOME=$home
      return 0
    fi
  done
  return 1
}

jdk_on_path() {
  if command -v javac >/dev/null 2>&1; then
    javac -J-XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
  fi
}

# The major version of the JDK at $1; 0 if there is none.
jdk_major() {
  major=
  if [ -n "$1" ] && [ -x "$1/bin/javac" ]; then
    major=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9][0-9]*\).*/\1/p')
  fi
  printf '%s\n' "${major:-0}"
}

need_maven() {
  if ! command -v mvn >/dev/null 2>&1; then
    install_packages maven
  fi
  found=$(mvn -B -version | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p')
  if ! at_least "$found" "$OLDEST_MAVEN"; then
    fail "Maven $OLDEST_MAVEN or later is needed, but mvn on the PATH is ${found:-unknown}"
  fi
}

# Whether version $1 is $2 or later.
at_least() {
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)" = "$2" ]
}

# Servers and tools that the tests and the demo start by themselves; nothing is left running by the
# system.
need_servers() {
  PATH=$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin
  export PATH
  missing=
  for server in "$@"; do
    command -v "$server" >/dev/null 2>&1 || missing="$missing $server"
  done
  if [ -n "$missing" ]; then
    # shellcheck disable=SC2086
    install_packages $missing
    for server in $missing; do
      command -v "$server" >/dev/null 2>&1 || fail "$server was installed, but is not on the PATH"
    done
  fi
}

# Installs what is meant by jdk, maven, nginx, haproxy, prometheus, socat, ip or unshare with the
# system's package manager.
install_packages() {
  manager=$(package_manager) || fail "not found: $*. Install by hand: a JDK $OLDEST_JDK or later," \
    "Maven $OLDEST_MAVEN or later; for ./check also nginx, haproxy, prometheus, socat, iproute2 and" \
    "util-linux, for ./demo the proxy that --router names"
  as_root=
  if [ "$manager" != brew ] && [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      fail "not found: $*. Installing with $manager needs root; do it yourself, or run this as" \
        "root or with password-less sudo"
    fi
    as_root='sudo -n'
  fi
  log=$(mktemp)
  refresh >"$log" 2>&1 || give_up "$log" "$manager could not read its lists of packages"
  names=
  for wanted in "$@"; do
    names="$names $(package_for "$wanted")" || give_up "$log" "$manager has no package for $wanted"
  done
  say "Installing$names with $manager; this may take some minutes."
  hold_daemons
  if ! get "$names" >"$log" 2>&1; then
    release_daemons
    give_up "$log" "$manager could not install$names"
  fi
  release_daemons
  rm -f "$log"
}

give_up() {
  cat "$1" >&2
  rm -f "$1"
  fail "$2; install it by hand"
}

package_manager() {
  for known in apt-get dnf apk zypper pacman brew; do
    if command -v "$known" >/dev/null 2>&1; then
      printf '%s\n' "$known"
      return 0
    fi
  done
  return 1
}

refresh() {
  case $manager in
    apt-get) $as_root apt-get -qq update ;;
    apk) $as_root apk update -q ;;
    zypper) $as_root zypper -nq refresh ;;
    pacman) $as_root pacman -Syq --noconfirm ;;
    *) ;;
  esac
}

# The first package that the system has for what is wanted.
package_for() {
  case $manager:$1 in
    apt-get:jdk)
      set -- openjdk-17-jdk-headless openjdk-21-jdk-headless openjdk-25-jdk-headless ;;
    dnf:jdk) set -- java-17-openjdk-devel java-21-openjdk-devel java-latest-openjdk-devel ;;
    apk:jdk) set -- openjdk17-jdk openjdk21-jdk ;;
    zypper:jdk) set -- java-17-openjdk-devel java-21-openjdk-devel ;;
    pacman:jdk) set -- jdk17-openjdk jdk-openjdk ;;
    brew:jdk) set -- openjdk@17 openjdk ;;
    dnf:ip) set -- iproute ;;
    *:ip) set -- iproute2 ;;
    apk:unshare) set -- util-linux-misc util-linux ;;
    *:unshare) set -- util-linux ;;
    *) ;;
  esac
  for name in "$@"; do
    if has_package "$name" >/dev/null 2>&1; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  return 1
}

has_package() {
  case $manager in
    apt-get) apt-cache show "$1" ;;
    dnf) dnf -q info "$1" ;;
    apk) apk search -eq "$1" | grep -q . ;;
    zypper) zypper -nq info "$1" | grep -q '^Name' ;;
    pacman) pacman -Si "$1" ;;
    brew) brew info "$1" ;;
  esac
}

# $1 is a list of names without blanks in them.
get() {
  # shellcheck disable=SC2086
  case $manager in
    apt-get)
      $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -y install --no-install-recommends $1 </dev/null ;;
    dnf) $as_root dnf -q -y install $1 </dev/null ;;
    apk) $as_root apk add -q $1 ;;
    zypper) $as_root zypper -nq install $1 </dev/null ;;
    pacman) $as_root pacman -Sq --noconfirm --needed $1 ;;
    brew) brew install -q $1 ;;
  esac
}

# Debian starts the daemon of a package that it installs, unless this file says no. One that the
# machine has of its own is laid aside meanwhile.
readonly POLICY=/usr/sbin/policy-rc.d
readonly POLICY_ASIDE=/usr/sbin/policy-rc.d.laid-aside-by-bluegreen
holding=no

hold_daemons() {
  if [ "$manager" = apt-get ]; then
    holding=yes
    trap 'release_daemons' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    if [ -e "$POLICY" ] && [ ! -e "$POLICY_ASIDE" ]; then
      $as_root mv "$POLICY" "$POLICY_ASIDE"
    fi
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$POLICY" >/dev/null
    $as_root chmod 755 "$POLICY"
  fi
}

release_daemons() {
  if [ "$holding" = yes ]; then
    holding=no
    trap - EXIT INT TERM
    $as_root rm -f "$POLICY"
    if [ -e "$POLICY_ASIDE" ]; then
      $as_root mv "$POLICY_ASIDE" "$POLICY"
    fi
  fi
}
