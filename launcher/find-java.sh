# Finds a Java 25. Sourced by `check` and `planaria`; runs under any POSIX shell.
#
# find_java [jdk]   sets JAVA_HOME and exports it; with `jdk`, only one that has a compiler will do.
#                   Fails, with a sentence on stderr that says what to install, when there is none.
#
# Versions are read from the `release` file that every JDK carries, because asking `java -version`
# starts a JVM, and this runs at every start of planaria.

is_java_25() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] || return 1
  [ "$2" != jdk ] || [ -x "$1/bin/javac" ] || return 1
  if [ -r "$1/release" ]; then
    while IFS= read -r release_line || [ -n "$release_line" ]; do
      case $release_line in
        JAVA_VERSION=\"25\"* | JAVA_VERSION=\"25.*) return 0 ;;
        JAVA_VERSION=*) return 1 ;;
      esac
    done <"$1/release"
  fi
  case $("$1/bin/java" -version 2>&1) in
    *\ version\ \"25\"* | *\ version\ \"25.*) return 0 ;;
  esac
  return 1
}

# The home of the `java` on the PATH, through all symbolic links; nothing when there is none.
java_on_path() {
  java_program=$(command -v java) || return 0
  while [ -L "$java_program" ]; do
    java_link=$(readlink "$java_program")
    case $java_link in
      /*) java_program=$java_link ;;
      *) java_program=${java_program%/*}/$java_link ;;
    esac
  done
  java_program=${java_program%/*}
  printf '%s\n' "${java_program%/*}"
}

find_java() {
  java_kind=${1:-jre}
  if is_java_25 "${JAVA_HOME:-}" "$java_kind"; then
    export JAVA_HOME
    return 0
  fi
  for java_candidate in \
    "$(java_on_path)" \
    /usr/lib/jvm/* \
    /opt/* \
    "${HOME:-}"/.sdkman/candidates/java/* \
    "${HOME:-}"/.jdks/* \
    "${HOME:-}"/.local/share/mise/installs/java/* \
    "${HOME:-}"/.asdf/installs/java/* \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    if is_java_25 "$java_candidate" "$java_kind"; then
      JAVA_HOME=$java_candidate
      export JAVA_HOME
      return 0
    fi
  done
  echo "planaria: no Java 25 found; install JDK 25 (for example 'sdk install java 25-tem', 'brew install openjdk@25' or your system's openjdk-25 package), or point JAVA_HOME at one." >&2
  return 1
}
