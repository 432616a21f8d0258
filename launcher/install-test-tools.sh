# Installs programs that some tests break things with. Sourced by `check`.
#
# install_test_tools   installs, in CI alone and on Debian or Ubuntu alone, those that are missing.
#                      It never fails: the tests that need one that is not there say SKIPPED.

install_test_tools() {
  if [ -z "${CI:-}" ] || ! command -v apt-get >/dev/null 2>&1; then
    return 0
  fi
  missing_packages=''
  for tool in strace:strace faketime:faketime prlimit:util-linux; do
    command -v "${tool%%:*}" >/dev/null 2>&1 || missing_packages="$missing_packages ${tool#*:}"
  done
  if [ -z "$missing_packages" ]; then
    return 0
  fi
  # shellcheck disable=SC2086 # several words
  if ! { timeout 120 apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq --no-install-recommends $missing_packages; } >&2; then
    echo "planaria: could not install$missing_packages; the tests that need them are skipped" >&2
  fi
}
