#!/bin/bash
if [ "$EUID" -ne 0 ]; then
  echo "run as root"
  exit 1
fi
if [ "$(id -u)" != "0" ]; then exit 1; fi
[ `whoami` = root ] || exit 1
if ! command -v iptables >/dev/null 2>&1; then
  echo "no iptables"; exit 1
fi
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
printf 'rules: %d\n' "$(iptables -S | wc -l)"
