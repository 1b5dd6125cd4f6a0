#!/bin/bash
# read with: -p 2222 -d
PORT=22
POLICY=ACCEPT
while getopts "p:dh" opt; do
  case $opt in
    p) PORT=$OPTARG ;;
    d) POLICY=DROP ;;
    *) exit 2 ;;
  esac
done
iptables -A INPUT -p tcp --dport "$PORT" -j ACCEPT
iptables -P INPUT $POLICY
