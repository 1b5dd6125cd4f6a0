#!/usr/bin/env python3
"""What the running kernel takes for the same rules: `unshare -n python3 kernel.py` (root) prints JSON, for Benchmarks to compare with.

Rules that do not match stand in OUTPUT of a network namespace of its own; a loop sends UDP through loopback. The difference to an
empty chain, divided by the number of rules, is the cost of a rule. Loading is iptables-legacy-restore, saving iptables-legacy-save."""
import json
import socket
import subprocess
import sys
import time

SHAPES = {
    "-s": lambda i: f"-s 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}/32",
    "udp --dport": lambda i: f"-p udp -m udp --dport {1024 + i % 60000}",
    "multiport": lambda i: f"-p udp -m multiport --dports {1024 + i % 60000},{1025 + i % 60000},7,9",
    "ctstate": lambda i: "-m conntrack --ctstate INVALID",
}


def restore(text):
    start = time.perf_counter()
    subprocess.run(["iptables-legacy-restore"], input=text, text=True, check=True)
    return time.perf_counter() - start


def send(sender, count):
    best = 1e9
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(count):
            sender.send(b"xxxx")
        best = min(best, (time.perf_counter() - start) / count)
    return best


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 53))
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.connect(("127.0.0.1", 53))
    result = {"rule": {}}
    for name, shape in SHAPES.items():
        tail = shape(0) if name == "ctstate" else None
        restore("*filter\n" + (f"-A OUTPUT {tail} -j DROP\n" if tail else "") + "COMMIT\n")
        empty = send(sender, 3000)
        for count in (100, 1000, 10000):
            restore("*filter\n" + "".join(f"-A OUTPUT {shape(i)} -j DROP\n" for i in range(count)) + "COMMIT\n")
            result["rule"][f"{name} {count}"] = (send(sender, max(300, 300000 // count)) - empty) / count * 1e9
    if len(sys.argv) > 1:
        text = open(sys.argv[1]).read()
        result["load"] = min(restore(text) for _ in range(5))
        best = 1e9
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run(["iptables-legacy-save"], stdout=subprocess.DEVNULL, check=True)
            best = min(best, time.perf_counter() - start)
        result["save"] = best
    json.dump(result, sys.stdout)


main()
