#!/usr/bin/env python3
"""The order in which the running kernel does things at each hook, with their priorities, for both families.

    hook_order.py > Tests/NetfilterModelTests/Recorded/hook-order.txt

Every table of iptables logs that a packet came to it, and chains of nftables, one below and one above each priority in question, log that
too: a table that stands between N-1 and N+1 has the priority N. Those chains also say whether the packet is whole, and whether connection
tracking has seen it. A packet in two fragments goes through the host, to it, and from it. The file has a line for each hook of each family:
`ipv6 PREROUTING -401:fragment -399 -301 raw -299 ... -199:tracked`. Needs root."""
import os
import socket
import subprocess
import sys
import time

import kernel
import wire

TABLES = {"raw": ("PREROUTING", "OUTPUT"), "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"), "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
          "filter": ("INPUT", "FORWARD", "OUTPUT"), "security": ("INPUT", "FORWARD", "OUTPUT")}
HOOKS = ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")
PRIORITIES = (-400, -300, -200, -150, -100, 0, 50, 100)


def addresses(family):
    """The host inside and outside, someone inside, someone outside."""
    return ("10.0.0.1", "192.0.2.1", "10.0.0.7", "192.0.2.7") if family == 4 else ("fd00::1", "2001:db8::1", "fd00::7", "2001:db8::7")


def fragments(family, source, target):
    datagram = wire.udp(source, target, 5000, 53, bytes(24))
    if family == 4:
        return [wire.ipv4(source, target, 17, datagram[:16], mf=True), wire.ipv4(source, target, 17, datagram[16:], offset=16)]
    return [wire.ipv6(source, target, 17, part, extensions=[(44, bytes([0, 0]) + head + bytes([0, 0, 0, 9]))]) for part, head in ((datagram[:16], b"\0\1"), (datagram[16:], b"\0\x10"))]


def measure(family):
    """The marks of each hook in their order (runs inside a namespace)."""
    tool, chain_family = ("iptables", "ip") if family == 4 else ("ip6tables", "ip6")
    inside, outside, client, server = addresses(family)
    tuns = {name: kernel.open_tun(name) for name in ("eth0", "eth1")}
    length = 24 if family == 4 else 64
    for command in ("link set lo up", "link set eth0 multicast off", "link set eth1 multicast off", "link set eth0 up", "link set eth1 up",
                    f"addr add {inside}/{length} dev eth0" + ("" if family == 4 else " nodad"), f"addr add {outside}/{length} dev eth1" + ("" if family == 4 else " nodad")):
        subprocess.run(["ip", *command.split()], check=True)
    kernel.write("/proc/sys/net/ipv4/ip_forward", 1)
    kernel.write("/proc/sys/net/ipv6/conf/all/forwarding", 1)
    text = "".join(f"*{table}\n" + "".join(f"-A {hook} -m conntrack --ctstate INVALID\n-A {hook} -j NFLOG --nflog-group 0 --nflog-prefix {hook}:{table}\n" for hook in hooks) + "COMMIT\n" for table, hooks in TABLES.items())
    subprocess.run([f"{tool}-legacy-restore"], input=text, text=True, check=True)
    whole = "ip frag-off & 0x3fff != 0" if family == 4 else "exthdr frag exists"
    chains = ""
    for hook in HOOKS:
        for priority in (p + d for p in PRIORITIES for d in (-1, 1)):
            mark = f"{hook}:{priority}"
            chains += f"""chain {hook}_{priority + 1000} {{ type filter hook {hook.lower()} priority {priority};
              {whole} log prefix "{mark}:fragment" group 0 accept; ct state new log prefix "{mark}:tracked" group 0 accept; log prefix "{mark}" group 0; }}\n"""
    subprocess.run(["nft", "-f", "-"], input=f"table {chain_family} marks {{\n{chains}}}\n", text=True, check=True)
    time.sleep(0.1)
    log = kernel.TraceLog()
    raw = socket.socket(socket.AF_INET if family == 4 else socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
    orders = {}
    for way, (source, target) in {"forward": (client, server), "input": (client, inside), "output": (outside, server)}.items():
        for packet in fragments(family, source, target):
            if way == "output":
                raw.sendto(packet, (target, 0))
            else:
                os.write(tuns["eth0"], packet)
        time.sleep(0.05)
        marks = [record["nflog"].split(":") for record in log.read({})]
        for hook in {"forward": ("PREROUTING", "FORWARD", "POSTROUTING"), "input": ("INPUT",), "output": ("OUTPUT",)}[way]:
            found = []
            for mark in (":".join(m[1:]) for m in marks if m[0] == hook):
                if mark not in found:
                    found.append(mark)
            orders[hook] = found
    return [f"ipv{family} {hook} {' '.join(orders[hook])}" for hook in HOOKS]


def main():
    if sys.argv[1:2] == ["--inside"]:
        print("\n".join(measure(int(sys.argv[2]))))
        return
    version = subprocess.run(["iptables-legacy", "--version"], text=True, capture_output=True).stdout.split()[1]
    print(f"# Linux {'.'.join(os.uname().release.split('-')[0].split('.')[:2])}, iptables-legacy {version.lstrip('v')}, made by Tests/Kernel/hook_order.py, which says what the lines are", flush=True)
    for family in ("4", "6"):
        subprocess.run(["unshare", "-n", sys.executable, os.path.abspath(__file__), "--inside", family], check=True)


if __name__ == "__main__":
    main()
