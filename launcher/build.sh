# Builds Planaria in a source tree. Sourced by `planaria`; uses its `home` and
# `class_path`, and find-java.sh. Sets `dist`.
#
# Every build gets a directory of its own, .builds/ID, and .builds/current names the newest. A
# running daemon keeps the build that it was started from: its jars are never overwritten under it,
# and the build directory of Maven may be cleaned while it runs.

builds=$home/.builds

# Where the newest build lies; empty when there is none.
current_build() {
  build_id=
  [ ! -r "$builds/current" ] || read -r build_id <"$builds/current" || :
  [ -z "$build_id" ] || [ ! -d "$builds/$build_id/lib" ] || printf '%s\n' "$builds/$build_id"
}

# True when a source is newer than the moment at which that build began. Directories count too:
# their times show removed files. Only a git checkout is looked at; elsewhere nobody edits.
is_stale() {
  [ -e "$home/.git" ] || return 1
  [ -n "$(find "$home/pom.xml" "$home/.mvn" "$home/engine/pom.xml" "$home/engine/src/main" \
    "$home/chaos/pom.xml" "$home/chaos/src/main" "$home/app/pom.xml" "$home/app/src/main" \
    "$home/launcher" -newer "$1/began" | head -n 1)" ]
}

# Makes a build unless another process has made one meanwhile. Says so in one line on stderr.
build() {
  find_java jdk
  . "$home/launcher/find-maven.sh"
  find_maven
  mkdir -p "$builds"
  take_building_lock
  trap 'rm -rf "$builds/building"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  dist=$(current_build)
  if [ -z "$dist" ] || is_stale "$dist"; then
    make_build
  fi
  rm -rf "$builds/building"
  trap - EXIT INT TERM
}

# One build at a time: a second caller waits for the first. A lock whose owner is gone is taken over.
take_building_lock() {
  lock_waited=0
  until mkdir "$builds/building" 2>/dev/null; do
    lock_owner=
    [ ! -r "$builds/building/pid" ] || read -r lock_owner <"$builds/building/pid" || :
    if [ -n "$lock_owner" ] && ! kill -0 "$lock_owner" 2>/dev/null; then
      rm -rf "$builds/building"
      continue
    fi
    if [ "$lock_waited" -eq 0 ]; then
      echo "planaria: waiting for another build of the same source tree" >&2
    fi
    if [ "$lock_waited" -ge 600 ]; then
      echo "planaria: another build has not ended for 10 minutes; if none is running, remove $builds/building" >&2
      exit 1
    fi
    lock_waited=$((lock_waited + 1))
    sleep 1
  done
  echo $$ >"$builds/building/pid"
}

make_build() {
  build_log=$builds/build.log
  build_id=$(date +%Y%m%d-%H%M%S)-$$
  build_dir=$builds/$build_id
  if [ -z "$dist" ]; then
    echo "planaria: building for the first time, which takes about a minute (log: $build_log)" >&2
  else
    echo "planaria: sources have changed, building again (log: $build_log)" >&2
  fi
  mkdir -p "$build_dir"
  : >"$build_dir/began"
  if ! (cd "$home" && mvn -B -q -Dmaven.test.skip=true -Dspotless.check.skip=true \
    -Dwarnings.fatal=false -Dstatic.analysis=-Xlint:none -Dbuild.place=target/run \
    -pl app -am package) >"$build_log" 2>&1 </dev/null; then
    rm -rf "$build_dir"
    echo "planaria: the build failed; the end of $build_log:" >&2
    tail -n 30 "$build_log" >&2
    exit 1
  fi
  cp -R "$home/app/target/run/planaria/lib" "$build_dir/lib"
  printf '%s\n' "$JAVA_HOME" >"$build_dir/java-home"
  dist=$build_dir
  # Without it everything works; it only starts slower.
  if ! "$JAVA_HOME/bin/java" -cp "$(class_path "$dist")" dev.planaria.app.cli.Main \
    prepare "$dist" >>"$build_log" 2>&1 </dev/null; then
    echo "planaria: preparing a fast start failed, so starting takes longer (log: $build_log)" >&2
  fi
  for cache in "$dist"/aot/*.aot; do
    [ ! -f "$cache" ] || cksum <"$cache" >"$cache.cksum"
  done
  echo "$build_id" >"$builds/current.new"
  mv "$builds/current.new" "$builds/current"
  remove_old_builds
}

# Removes the builds that are neither current nor used by a running process.
remove_old_builds() {
  running=$(ps -A -ww -o args= 2>/dev/null) || return 0
  for old_build in "$builds"/*/; do
    old_build=${old_build%/}
    case $old_build in
      "$dist" | "$builds/building") continue ;;
    esac
    case $running in
      *"$old_build/"*) ;;
      *) rm -rf "$old_build" ;;
    esac
  done
}
