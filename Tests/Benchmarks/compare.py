#!/usr/bin/env python3
"""Runs the benchmarks, measures the same in the running kernel, and prints both with their ratio:

compare.py [--bin .build/release]      build first: swift build -c release

The kernel's part needs root, iptables-legacy and `unshare`; without them only hookwalk's figures are printed. Every
kernel measurement happens in a network namespace of its own. Each figure is the smallest of several interleaved runs."""
import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Kernel"))
from kernel import open_tun
import wire

COUNTS = (100, 1000, 10000)
SHAPES = {
    "source": lambda i, family: f"-s 10.{i >> 16}.{i >> 8 & 255}.{i & 255}/32" if family == 4 else f"-s fd00:2::{i:x}/128",
    "port": lambda i, family: f"-p udp -m udp --dport {1024 + i % 30000}",
    "multiport": lambda i, family: f"-p udp -m multiport --dports {1024 + i % 30000},{1025 + i % 30000},7,9",
    "ctstate": lambda i, family: "-m conntrack --ctstate INVALID",
}


def rules(shape, count, family=4):
    lines = "".join(f"-A OUTPUT {SHAPES[shape](i, family)} -j DROP\n" for i in range(count))
    return f"*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n{lines}COMMIT\n"


def restore(text, family=4):
    subprocess.run(["iptables-legacy-restore" if family == 4 else "ip6tables-legacy-restore"], input=text.encode(), check=True)


def kernel_rules(family=4):
    """Nanoseconds for each rule of OUTPUT: packets over loopback with and without the rules (runs inside a namespace)."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    kind, own = (socket.AF_INET, "127.0.0.1") if family == 4 else (socket.AF_INET6, "::1")
    receiver = socket.socket(kind, socket.SOCK_DGRAM)
    receiver.bind((own, 53))
    sender = socket.socket(kind, socket.SOCK_DGRAM)
    sender.connect((own, 53))

    def packets(number):
        # The time of this thread, in which the kernel walks the packet to the end: other processes do not count.
        start = time.thread_time_ns()
        for _ in range(number):
            sender.send(b"x")
        return (time.thread_time_ns() - start) / number

    result = {}
    packets(100000)
    for shape in SHAPES:
        for count in COUNTS:
            base, least = 1 if shape == "ctstate" else 0, {}
            for _ in range(5):
                for number in (base, count):
                    restore(rules(shape, number, family), family)
                    sends = [packets(max(300, 2000000 // count)) for _ in range(3)]
                    least[number] = min(least.get(number, float("inf")), *sends)
            result[f"{shape} {count}"] = (least[count] - least[base]) / (count - base)
    print(json.dumps(result))


def udp(source, port, destination, destination_port, valid=True):
    """A UDP packet without a transport checksum; one that is not valid is dropped before the first hook."""
    datagram = wire.udp(source, destination, port, destination_port, bytes(4), no_checksum=True)
    return wire.ipv4(source, destination, wire.UDP, datagram, bad_checksum=not valid)


def kernel_nat(path):
    """Packets a second through the NAT host (runs inside a namespace): written to a tun device, which walks them to the
    end, out of an ifb device that drops them. What the writing itself takes, found with packets that are dropped before the first hook,
    is taken off."""
    run = lambda command: subprocess.run(command.split(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    devices = {}
    for name in ("eth1", "eth2"):
        devices[name] = open_tun(name)
        run(f"ip link set {name} up")
    for name, address in (("eth0", "203.0.113.1/24"), ("eth3", "192.168.1.1/24")):
        run(f"ip link add {name} type ifb")
        run(f"ip address add {address} dev {name}")
        run(f"ip link set {name} up")
    run("ip route add default dev eth0")
    for setting in ("ip_forward=1", "conf.all.rp_filter=0", "conf.eth1.rp_filter=0", "conf.eth2.rp_filter=0"):
        run(f"sysctl -w net.ipv4.{setting}")
    with open(path) as file:
        restore(file.read())

    def send(device, packets):
        write, start = os.write, time.perf_counter_ns()
        for packet in packets:
            write(device, packet)
        return time.perf_counter_ns() - start

    count = 20000
    parts = [(f"192.168.1.{2 + i % 200}", 1024 + i // 200, f"198.51.100.{i % 251}", 53) for i in range(count)]
    opening, dropped = [udp(*part) for part in parts], [udp(*part, valid=False) for part in parts]
    flow, answer = opening[0], udp("198.51.100.0", 53, "203.0.113.1", 1024)
    writing = new = outward = inward = float("inf")
    for _ in range(7):
        run("conntrack -F")
        writing = min(writing, send(devices["eth1"], dropped))
        new = min(new, send(devices["eth1"], opening))
        send(devices["eth2"], [answer])
        outward = min(outward, send(devices["eth1"], [flow] * count))
        inward = min(inward, send(devices["eth2"], [answer] * count))
    saved = subprocess.run(["iptables-legacy-save", "-c", "-t", "filter"], check=True, capture_output=True, text=True).stdout
    reached = sum(int(line[1:].split(":")[0]) for line in saved.splitlines()[-4:] if line.endswith("-j ACCEPT"))
    assert reached >= 7 * (3 * count + 1), saved
    rate = lambda nanoseconds: count / (nanoseconds - writing) * 1e9
    print(json.dumps({"new connections": rate(new), "established flow": rate((outward + inward) / 2)}))


def wall(command, stdin=None):
    start = time.perf_counter()
    subprocess.run(command, stdin=open(stdin) if stdin else subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - start) * 1000


def kernel_save(path):
    """Milliseconds of iptables-legacy-save (runs inside a namespace)."""
    with open(path) as file:
        restore(file.read())
    print(json.dumps(min(wall(["iptables-legacy-save"]) for _ in range(7))))


def inside(*arguments):
    command = ["unshare", "-n", sys.executable, os.path.abspath(__file__), *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def row(name, hookwalk, kernel=None, unit=""):
    number = lambda value: f"{value:,.0f}" if value >= 1000 else f"{value:.1f}"
    ratio = f"{hookwalk / kernel:.2f}" if kernel else ""
    print(f"| {name} | {number(hookwalk)} {unit} | {f'{number(kernel)} {unit}' if kernel else ''} | {ratio} |")


def mitigations():
    """What the kernel does against flaws of the processor, which its figures pay for; hookwalk runs in user space and pays little."""
    folder = "/sys/devices/system/cpu/vulnerabilities"
    if not os.path.isdir(folder):
        return ["not known"]
    found = {name: open(os.path.join(folder, name)).read().strip() for name in sorted(os.listdir(folder))}
    return [f"{name}: {state}" for name, state in found.items() if state != "Not affected"] or ["none: not affected"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=".build/release")
    a = parser.parse_args()
    benchmarks, hookwalk = os.path.join(a.bin, "Benchmarks"), os.path.join(a.bin, "hookwalk")
    has_kernel = os.geteuid() == 0 and all(map(shutil.which, ["unshare", "ip", "iptables-legacy-restore"]))

    figures = {}
    for _ in range(2):
        for line in subprocess.run([benchmarks], check=True, capture_output=True, text=True).stdout.splitlines():
            name, value, unit = line.split("\t")[:3]
            better = max if unit == "packets/s" else min
            figures[name] = (better(float(value), figures.get(name, (float(value),))[0]), unit)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rules.v4")
        with open(path, "w") as file:
            subprocess.run([benchmarks, "rule-file"], check=True, stdout=file)
        fixtures = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Fixtures", "home-router")
        commands = {
            "`hookwalk save`, 10000 rules": [hookwalk, "save", path],
            "`hookwalk trace`, two packets": [
                hookwalk, "trace", "--host", os.path.join(fixtures, "host.flow"),
                "in on wan tcp 198.51.100.7:5000 > 203.0.113.2:443 [S]", "reply [S.]"],
        }
        walls = {name: float("inf") for name in commands}
        restored = bare = float("inf")
        for _ in range(9):
            for name, command in commands.items():
                walls[name] = min(walls[name], wall(command))
            if has_kernel:
                bare = min(bare, wall(["unshare", "-n", "true"]))
                restored = min(restored, wall(["unshare", "-n", "iptables-legacy-restore"], path))
        kernel = inside("--kernel-rules") if has_kernel else {}
        kernel6 = inside("--kernel-rules", "6") if has_kernel and shutil.which("ip6tables-legacy-restore") else {}
        nat_path = os.path.join(folder, "nat.v4")
        with open(nat_path, "w") as file:
            subprocess.run([benchmarks, "nat-rules"], check=True, stdout=file)
        has_nat = has_kernel and shutil.which("conntrack") and os.path.exists("/dev/net/tun")
        nat = inside("--kernel-nat", nat_path) if has_nat else {}
        saved = inside("--kernel-save", path) if has_kernel else None

    print("| | hookwalk | kernel, iptables-legacy | ratio |\n|---|---|---|---|")
    for name, (value, unit) in figures.items():
        if name.startswith("rule "):
            shape, count = name[5:].rsplit(" ", 1)
            row(f"a rule that does not match: {shape}, of {count}", value,
                kernel.get(f"{shape} {count}"), unit)
    row("a forwarded packet, no rules", figures["forwarded packet, no rules"][0], None, "ns")
    for name in ("new connections", "established flow"):
        row(f"NAT host, {name}, 200 rules", figures[f"NAT host, {name}"][0], nat.get(name), "packets/s")
    load = restored - bare if has_kernel else None
    row("loading 10000 rules, in the library", figures["load 10000 rules"][0], load, "ms")
    row("saving 10000 rules, in the library", figures["save 10000 rules"][0], saved, "ms")
    row("`hookwalk save`: start, load, print; restore and save", walls["`hookwalk save`, 10000 rules"],
        load + saved if has_kernel else None, "ms")
    row("`hookwalk trace` of a connection's first two packets", walls["`hookwalk trace`, two packets"], None, "ms")
    for name, (value, unit) in figures.items():
        if name.startswith(("1000000 ", "full table", "one NAT source", "walk of ", "IPv4: ", "IPv6")):
            shape = name[len("IPv6: a rule, "):].replace(", of ", " ") if name.startswith("IPv6: a rule, ") else None
            row(name, value, kernel6.get(shape), unit)
    for shape in kernel6:
        print(f"| the kernel's IPv6 / IPv4: {shape} |  | {kernel6[shape] / kernel[shape]:.2f} | |")
    print(f"\nKernel {os.uname().release}; its mitigations:")
    for line in mitigations():
        print(f"- {line}")


if sys.argv[1:2] == ["--kernel-rules"]:
    kernel_rules(int(sys.argv[2]) if len(sys.argv) > 2 else 4)
elif sys.argv[1:2] == ["--kernel-nat"]:
    kernel_nat(sys.argv[2])
elif sys.argv[1:2] == ["--kernel-save"]:
    kernel_save(sys.argv[2])
else:
    main()
