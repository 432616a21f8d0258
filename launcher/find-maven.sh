# Finds Maven 3.8.7 or newer. Sourced by `check` and `planaria` when they build.
#
# find_maven   fails, with a sentence on stderr that says what to install, when there is none.
#              Needs JAVA_HOME.

find_maven() {
  if ! command -v mvn >/dev/null 2>&1; then
    echo "planaria: Maven is needed to build and 'mvn' is not on the PATH; install Maven 3.8.7 or newer (for example 'brew install maven' or 'apt install maven')." >&2
    return 1
  fi
  maven_version=$(mvn -B --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  maven_minor=${maven_version#*.}
  maven_patch=${maven_minor#*.}
  maven_major=${maven_version%%.*}
  maven_minor=${maven_minor%%.*}
  maven_patch=${maven_patch%%.*}
  case $maven_major$maven_minor$maven_patch in
    '' | *[!0-9]*)
      echo "planaria: 'mvn --version' did not say a version; is $(command -v mvn) Apache Maven 3.8.7 or newer?" >&2
      return 1
      ;;
  esac
  if [ "$((maven_major * 1000000 + maven_minor * 1000 + maven_patch))" -lt 3008007 ]; then
    echo "planaria: Maven 3.8.7 or newer is needed and $(command -v mvn) is $maven_version; install a newer one." >&2
    return 1
  fi
}
