# Sourced by ./mvnw and ./tandem: sets JAVA_HOME to a JDK 25 or newer, or says plainly that there is none.
# Looks at JAVA_HOME, then the java on the PATH, then the places where systems and tools install JDKs.

jdk_version() { # major version of the JDK in $1, or 0; read from its release file, so that no JVM is started
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || { echo 0; return; }
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" | head -n 1
}

find_jdk() {
  path_java=$(command -v javac 2>/dev/null || true)
  [ -z "$path_java" ] || path_java=$(dirname "$(dirname "$(readlink -f "$path_java" 2>/dev/null || echo "$path_java")")")
  for pattern in "${JAVA_HOME:-}" "$path_java" "/usr/lib/jvm/*25*" "/opt/*jdk*25*" "/opt/java/*" \
    "${HOME:-/nonexistent}/.sdkman/candidates/java/25*" "${HOME:-/nonexistent}/.jdks/*25*" \
    "/Library/Java/JavaVirtualMachines/*25*/Contents/Home"; do
    [ -n "$pattern" ] || continue
    set +f
    for candidate in $pattern; do
      version=$(jdk_version "$candidate")
      if [ "${version:-0}" -ge 25 ]; then
        JAVA_HOME=$candidate
        export JAVA_HOME
        return 0
      fi
    done
  done
  echo "tandem: no JDK 25 found (looked at JAVA_HOME, the PATH and the usual places)." >&2
  echo "Next: install one (Debian: apt install temurin-25-jdk or openjdk-25-jdk), or set JAVA_HOME to it." >&2
  return 1
}
