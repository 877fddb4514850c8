# Sourced by the commands of system-tests, stress-tests and fuzz-tests: packages a module with what
# it needs, unless no source is newer than when that was last done, by this or by ./mvnw verify.

thunderhead_package() { # the root of the clone, the module
  target=$1/$2/target
  for stamp in "$target"/.packaged "$target"/thunderhead-*.jar; do
    [ -f "$stamp" ] && [ -d "$target/lib" ] && [ -z "$(thunderhead_newer "$1" "$stamp")" ] && return
  done
  mkdir -p "$target"
  touch "$target/.begun"
  "$1/mvnw" -q -f "$1/pom.xml" -Dmaven.test.skip=true -Dspotless.check.skip -Darchive.skip \
    package -pl "$2" -am >&2 || return
  mv "$target/.begun" "$target/.packaged"
}

thunderhead_newer() { # the first source under $1 that is newer than $2
  find "$1"/pom.xml "$1"/.mvn "$1"/*/pom.xml "$1"/*/src/main -type f -newer "$2" 2>/dev/null | head -n 1
}
