# Sourced by mvnw and thunderhead: leaves JAVA_HOME at a JDK of at least the version below, or ends
# with the one line that says what to install. The order is: THUNDERHEAD_JAVA_HOME, JAVA_HOME, the
# java on the PATH, then the places where packages, SDKMAN, IDEs and macOS put their JDKs.
thunderhead_jdk=25

thunderhead_jdk_version() { # the feature version of the JDK in $1, or nothing
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

thunderhead_find_jdk() {
  path_java=$(command -v java 2>/dev/null || :)
  [ -z "$path_java" ] || path_java=$(readlink -f "$path_java" 2>/dev/null || echo "$path_java")
  for home in "${THUNDERHEAD_JAVA_HOME-}" "${JAVA_HOME-}" "${path_java%/bin/java}" \
    /usr/lib/jvm/* /usr/local/lib/jvm/* /opt/*jdk* /opt/java/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] || continue
    found=$(thunderhead_jdk_version "$home") || continue
    if [ "${found:-0}" -ge "$thunderhead_jdk" ]; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  echo "Thunderhead needs JDK $thunderhead_jdk or later and found none. Install one (Debian: temurin-25-jdk" \
    "or openjdk-25-jdk; SDKMAN: sdk install java 25-tem) or point THUNDERHEAD_JAVA_HOME at it." >&2
  return 1
}
