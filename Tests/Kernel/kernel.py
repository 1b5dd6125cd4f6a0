#!/usr/bin/env python3
"""Replay scenarios through the running Linux kernel and tell what it did: kernel.py SCENARIO.json > answer.json

Needs root and the usual tools (iptables-legacy, nft, ip, conntrack, ipset). Each scenario runs in a forked child with a
network namespace of its own, which disappears with the child. An interface with a "mac" is a TAP device whose neighbours answer
(link.py), every other one a TUN device; the trace comes from the kernel's TRACE records (nf_log through nfnetlink_log). As a module: replay() for one scenario, replay_many() for a batch.
A scenario that cannot be loaded gives {"error": text, "stage": name} instead of an answer. README.md has the formats.
"""
import atexit
import ctypes
import functools
import json
import os
import re
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import link
import wire

NEW_NETWORK = 0x40000000                       # CLONE_NEWNET
TRACE_EVERYTHING = """
table inet hookwalk_trace {
  chain arriving { type filter hook prerouting priority -350; meta nftrace set 1; }
  chain leaving { type filter hook output priority -350; meta nftrace set 1; }
}
"""
# Loaded before anything needs conntrack: of two hooks with the same priority the earlier registered runs later, so that
# the connection is confirmed before the packet vanishes here.
SILENT_STACK = """
table inet hookwalk_sink {
  chain sink { type filter hook input priority 2147483647; ACCEPTED drop; }
}
"""
# Neighbour discovery is the link's own business, also where nothing else is answered.
DISCOVERY = "iifname { %s } icmpv6 type { 133, 134, 135, 136 } accept;"


class Refused(Exception):
    """The scenario could not be set up: stage and text of the complaint."""

    def __init__(self, stage, complaint):
        super().__init__(complaint)
        self.stage, self.complaint = stage, complaint


@functools.cache
def lock_directory():
    """A folder for the locks of iptables, so that namespaces do not wait for each other; it goes with this process."""
    folder = tempfile.TemporaryDirectory(prefix="hookwalk.")
    atexit.register(folder.cleanup)
    return folder.name


def lock_file():
    return os.path.join(lock_directory(), str(os.getpid()))


def run(command, stdin=None, stage=None):
    """stdout of command; with a stage, failing raises Refused."""
    environment = dict(os.environ, XTABLES_LOCKFILE=lock_file())
    r = subprocess.run(command, input=stdin, text=True, capture_output=True, env=environment)
    if stage and r.returncode:
        raise Refused(stage, (r.stderr.strip() or r.stdout.strip()))
    return r.stdout


def write(path, value):
    with open(path, "w") as f:
        f.write(str(value))


def set_sysctls(values, stage):
    for name, value in values.items():
        try:
            write("/proc/sys/" + name.replace(".", "/"), value)
        except OSError as e:
            raise Refused(stage, f"{name} = {value}: {e.strerror}")


def open_tun(name, flags=0x1001):              # IFF_TUN | IFF_NO_PI; IFF_TAP is 2
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH", name.encode(), flags))    # TUNSETIFF
    return fd


class TraceLog:
    """Reads the records that nf_log sends to nfnetlink_log group 0."""
    SUBSYSTEM = 4

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 26)
        self.socket.bind((0, 0))
        self.sequence = 0
        for family in (socket.AF_INET, socket.AF_INET6):
            self._command(4, family)           # let go of the family, then take it
            self._command(3, family)
        self._command(1, 0)                    # bind group 0
        self._configure(0, 2, struct.pack(">IBB", 0xffff, 2, 0))   # copy the whole packet
        self._configure(0, 5, struct.pack(">I", 1))                # send each record at once
        self.socket.setblocking(False)
        for family in (socket.AF_INET, socket.AF_INET6):
            write(f"/proc/sys/net/netfilter/nf_log/{int(family)}", "nfnetlink_log")

    def _command(self, number, family):
        self._configure(family, 1, bytes([number]))

    def _configure(self, family, kind, value):
        self.sequence += 1
        attribute = struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)
        body = struct.pack(">BBH", family, 0, 0) + attribute
        self.socket.send(struct.pack("=IHHII", 16 + len(body), self.SUBSYSTEM << 8 | 1, 5, self.sequence, 0) + body)
        error = -struct.unpack_from("=i", self.socket.recv(65536), 16)[0]
        if error not in (0, 17):
            raise OSError(error, "nfnetlink_log")

    def read(self, names):
        """Every record that has arrived."""
        records = []
        while True:
            try:
                data = self.socket.recv(1 << 20)
            except BlockingIOError:
                return records
            at = 0
            while at + 16 <= len(data):
                length, kind = struct.unpack_from("=IH", data, at)
                if kind == self.SUBSYSTEM << 8:
                    records.append(self._record(data[at + 20:at + length], names))
                at += length + 3 & ~3

    @staticmethod
    def _record(data, names):
        record, head, at = {"mark": 0, "in": "", "out": ""}, "", 0
        while at + 4 <= len(data):
            length, kind = struct.unpack_from("=HH", data, at)
            value = data[at + 4:at + length]
            kind &= 0x3fff
            if kind == 10:
                head = value.rstrip(b"\0").decode(errors="replace")
            elif kind == 9:
                record["packet"] = value.hex()
            elif kind == 2:
                record["mark"] = struct.unpack(">I", value)[0]
            elif kind in (4, 5):
                record["in" if kind == 4 else "out"] = names.get(struct.unpack(">I", value)[0], "?")
            elif kind == 11:
                record["uid"] = struct.unpack(">I", value)[0]
            at += length + 3 & ~3
        if head.startswith("TRACE: "):
            record["table"], rest = head[7:].strip().split(":", 1)
            record["chain"], record["kind"], number = rest.rsplit(":", 2)
            record["number"] = int(number)
        else:
            record["nflog"] = head
        return record


def wait_for_addresses(scenario, longest=0.5):
    """Waits until the host has a route to each of its IPv6 addresses: the kernel makes it some time after the address."""
    wanted = {a.split("/")[0] for i in scenario["interfaces"] for a in i.get("addrs", []) if ":" in a}
    wanted = {wire.address(a).hex() for a in wanted}
    end = time.monotonic() + longest
    while time.monotonic() < end:
        with open("/proc/self/net/ipv6_route") as f:
            lines = [line.split() for line in f]
        # RTF_LOCAL, of the whole address
        if wanted <= {l[0] for l in lines if l[1] == "80" and int(l[8], 16) & 0x80000000}:
            return
        time.sleep(0.001)


def set_up(scenario):
    """Build the network of the scenario in the current namespace: ({name: device}, {index: name})."""
    ethernet = [i["name"] for i in scenario["interfaces"] if "mac" in i]
    accepted = DISCOVERY % ", ".join(f'"{n}"' for n in ethernet) if ethernet else ""
    sink = SILENT_STACK.replace("ACCEPTED", accepted)
    run(["nft", "-f", "-"], TRACE_EVERYTHING + ("" if scenario.get("stack") == "answers" else sink), "nft")
    for which in ("default", "all"):
        write(f"/proc/sys/net/ipv4/conf/{which}/send_redirects", 0)
        write(f"/proc/sys/net/ipv6/conf/{which}/accept_dad", 0)
        write(f"/proc/sys/net/ipv6/conf/{which}/router_solicitations", 0)
    write("/proc/sys/net/ipv6/conf/default/addr_gen_mode", 1)
    devices, lines = {}, ["link set lo up"]
    for interface in scenario["interfaces"]:
        name = interface["name"]
        if "mac" in interface:
            devices[name] = link.Ethernet(name, interface["mac"], scenario.get("neighbours", []))
            lines += [f"link set {name} address {interface['mac']}", f"link set {name} up"]
        elif name != "lo":
            devices[name] = link.Tunnel(name)
            lines += [f"link set {name} multicast off", f"link set {name} up"]
        if "group" in interface:
            lines.append(f"link set {name} group {interface['group']}")
        lines += [f"addr add {a} dev {name}" + (" nodad" if ":" in a else "") for a in interface.get("addrs", [])]
    routes = scenario.get("routes", [])
    lines += ["route add " + r for r in routes if ":" not in r]
    run(["ip", "-batch", "-"], "\n".join(lines) + "\n", "network")
    six = [r for r in routes if ":" in r]
    if six:
        run(["ip", "-6", "-batch", "-"], "".join(f"route add {r}\n" for r in six), "network")
    for family, rules in (("-4", [r for r in scenario.get("ip_rules", []) if ":" not in r]), ("-6", [r for r in scenario.get("ip_rules", []) if ":" in r])):
        if rules:
            run(["ip", family, "-batch", "-"], "".join(f"rule add {r}\n" for r in rules), "network")
    names = {socket.if_nametoindex(i["name"]): i["name"] for i in scenario["interfaces"]} | {1: "lo"}
    permanent = [n for n in scenario.get("neighbours", []) if n.split()[-1] != "none"]
    run(["ip", "-batch", "-"], "".join(f"neigh replace {n}\n" for n in permanent), "network")
    set_sysctls(scenario.get("sysctls", {}), "sysctls")
    wait_for_addresses(scenario)
    if ethernet:
        # What the interfaces tell the groups that they have joined is no part of an answer.
        time.sleep(0.1)
    if scenario.get("ipset"):
        run(["ipset", "restore"], scenario["ipset"], "ipset")
    if scenario.get("rules"):
        run(["iptables-legacy-restore"], scenario["rules"], "rules")
    if scenario.get("rules6"):
        run(["ip6tables-legacy-restore"], scenario["rules6"], "rules6")
    set_sysctls(scenario.get("late_sysctls", {}), "late_sysctls")
    return devices, names


def read_devices(devices):
    """Every packet that left, in the order of the scenario's interfaces."""
    return [{"out": name, "packet": packet.hex()} for name, device in devices.items() for packet in device.read()]


def resolve(step, steps):
    """A derived step as a packet with bytes; None if what it answers never left."""
    if "hex" in step:
        return step
    emitted = steps[step.get("reply_to", step.get("icmp_error_to"))].get("emitted")
    if not emitted:
        return None
    raw = wire.derive(step, bytes.fromhex(emitted[-1]["packet"]))
    return raw and {"in": emitted[-1]["out"], "hex": raw.hex()}


def replay_here(scenario):
    """Replay in this process, which moves to a new network namespace for good."""
    if ctypes.CDLL(None, use_errno=True).unshare(NEW_NETWORK):
        raise Refused("namespace", "needs root")
    devices, names = set_up(scenario)
    log = TraceLog()
    raw = {4: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
           6: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)}
    time.sleep(0.01)
    read_devices(devices), log.read(names)
    steps, packets, began = [], [], time.monotonic()
    for asked in scenario["packets"]:
        if "wait" in asked:
            time.sleep(asked["wait"])
            began += asked["wait"]
            steps.append({"wait": asked["wait"]})
            packets.append(asked)
            continue
        packet = resolve(asked, steps)
        packets.append(packet)
        if packet is None:
            steps.append({"skipped": True})
            continue
        data, step = bytes.fromhex(packet["hex"]), {}
        try:
            if packet.get("local"):
                six = data[0] >> 4 == 6
                s = raw[6 if six else 4]
                s.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, packet.get("mark", 0))
                s.sendto(data, (wire.text(data[24:40] if six else data[16:20]), 0))
            else:
                devices[packet["in"]].write(data)
        except OSError as e:
            step["error"] = e.strerror
        step["trace"], step["emitted"], quiet = [], [], 0
        searching = False
        while quiet < 2:
            records, left = log.read(names), read_devices(devices)
            step["trace"] += records
            step["emitted"] += left
            quiet = 0 if records or left else quiet + 1
            if quiet == 2:
                # What giving up causes comes a moment after the search has ended.
                searched, searching = searching, link.is_searching(devices)
                if searched or searching:
                    quiet = 0
                    time.sleep(0.005)
            if quiet < 2:
                time.sleep(packet.get("settle", 0.0005))
        order = list(devices)
        step["emitted"].sort(key=lambda e: order.index(e["out"]))
        if packet.get("ct"):
            step["conntrack"] = run(["conntrack", "-L", "-o", "extended,id"])
        steps.append(step)
    answer = {"kernel": os.uname().release.split("-")[0], "iptables": iptables_version(),
              "steps": [s for s in steps if not s.get("skipped")],
              "save": run(["iptables-legacy-save", "-c"]),
              "save6": run(["ip6tables-legacy-save", "-c"]) if scenario.get("rules6") else "",
              "conntrack": sorted(run(["conntrack", "-L", "-o", "extended"]).splitlines()),
              **({"ipset": sorted(run(["ipset", "save"]).splitlines())} if scenario.get("ipset") else {}),
              "packets": [p for p in packets if p]}
    return dict(answer, elapsed=round(time.monotonic() - began, 1))


@functools.cache
def iptables_version():
    return subprocess.run(["iptables-legacy", "--version"], text=True, capture_output=True).stdout.strip()


def prepare(scenario, folder="."):
    """The scenario with the text of its rule files, whose paths are relative to folder."""
    scenario = dict(scenario)
    for key in ("rules", "rules6", "ipset"):
        if key + "_file" in scenario:
            with open(os.path.join(folder, scenario[key + "_file"])) as f:
                scenario[key] = f.read()
    return scenario


def _child(scenario, pipe):
    try:
        answer = replay_here(scenario)
    except Refused as e:
        answer = {"error": e.complaint, "stage": e.stage}
    except BaseException:
        answer = {"error": traceback.format_exc(), "stage": "replay"}
    with os.fdopen(pipe, "wb") as f:
        f.write(json.dumps(answer).encode())
    try:
        os.unlink(lock_file())
    except OSError:
        pass
    os._exit(0)


def replay_many(scenarios, jobs=2):
    """Yields (index, scenario, answer) as the answers come, for any iterable of scenarios (their rule files read already)."""
    iptables_version(), lock_directory()        # known to every child
    waiting, running = enumerate(scenarios), {}
    while True:
        while len(running) < jobs and waiting is not None:
            item = next(waiting, None)
            if item is None:
                waiting = None
                break
            reader, writer = os.pipe()
            sys.stdout.flush(), sys.stderr.flush()
            pid = os.fork()
            if pid == 0:
                os.close(reader)
                _child(item[1], writer)
            os.close(writer)
            running[reader] = (pid, item, [])
        if not running:
            return
        for fd in select.select(list(running), [], [])[0]:
            data = os.read(fd, 1 << 20)
            pid, (index, scenario), parts = running[fd]
            if data:
                parts.append(data)
                continue
            os.close(fd)
            del running[fd]
            os.waitpid(pid, 0)
            text = b"".join(parts)
            yield index, scenario, json.loads(text) if text else {"error": "the child died", "stage": "replay"}


def replay(scenario):
    """The kernel's answer to one scenario."""
    return next(replay_many([scenario]))[2]


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else None
    scenario = json.load(open(path) if path else sys.stdin)
    answer = replay(prepare(scenario, os.path.dirname(path or "") or "."))
    if "error" in answer:
        raise SystemExit(f"kernel.py: {answer['stage']}: {answer['error']}")
    json.dump(answer, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
