#!/usr/bin/env bash
# Runs the hook of .pre-commit-hooks.yaml with the real pre-commit, as a team would: pre-commit.sh HOOKWALK
# A file with a mistake must fail, one without must pass.
set -euo pipefail
hooks="$(cd "$(dirname "$0")/../.." && pwd)/.pre-commit-hooks.yaml"
hookwalk="$(realpath "$1")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export HOME="$work" PRE_COMMIT_HOME="$work/cache" PATH="$work/bin:$PATH"
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org

mkdir "$work/bin" "$work/hooks" "$work/team"
ln -s "$hookwalk" "$work/bin/hookwalk"
cp "$hooks" "$work/hooks"
git -C "$work/hooks" init -q
git -C "$work/hooks" add -A
git -C "$work/hooks" commit -q -m hooks

cd "$work/team"
git init -q
printf 'repos:\n  - repo: %s\n    rev: %s\n    hooks:\n      - id: hookwalk-lint\n' "$work/hooks" \
  "$(git -C "$work/hooks" rev-parse HEAD)" >.pre-commit-config.yaml
printf '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 10.0.0.2/8 -j DROP\nCOMMIT\n' >rules.v4
git add -A
if pre-commit run --all-files >"$work/log" 2>&1 || ! grep -q 'rules.v4:3:13: warning: .*5006' "$work/log"; then
  cat "$work/log"
  echo "pre-commit did not show the finding"
  exit 1
fi
printf '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 10.0.0.0/8 -j DROP\nCOMMIT\n' >rules.v4
git add -A
pre-commit run --all-files
