#!/usr/bin/env python3
"""What the running kernel writes to its log for LOG and TRACE, for packets of both families.

    log_lines.py [--seed 1] [--packets 60] > Tests/SimulatorTests/Recorded/log-lines.txt

Each packet arrives on a TUN device, or (`local`) is sent by root through a raw socket, and meets the rules of `RULES` in the mangle table, traced
from the raw table on. The file has a line `packet tun HEX`, `packet tap HEX` (with an Ethernet header) or `packet local HEX` for each, and behind it
`line TEXT` for each line of the kernel's log: the trace of the first and the last rule, and those of LOG. A line ends in `|`, as most of the kernel's
end in a blank. The device is called eth0 in the file. Needs root and /dev/kmsg; sets net.netfilter.nf_log_all_netns while it runs."""
import argparse
import os
import random
import socket
import struct
import subprocess
import sys
import time

import header_matches
import wire
from kernel import open_tun, write

ALL = "--log-tcp-sequence --log-tcp-options --log-ip-options --log-uid"
RULES = [f'-j LOG --log-prefix "full " {ALL}', "-j MARK --set-mark 0x1f", '-j LOG --log-prefix "bare "', "-j DROP"]
FAR, NEAR, OTHER = "2001:db8::7", "2001:db8:1::1", "2001:db8:2::9"
FAR4, NEAR4 = "198.51.100.7", "203.0.113.1"


def rules():
    lines = [f"-A {chain} {rule}\n" for chain in ("PREROUTING", "OUTPUT") for rule in RULES]
    return "*raw\n-A PREROUTING -j TRACE\n-A OUTPUT -j TRACE\nCOMMIT\n*mangle\n" + "".join(lines) + "COMMIT\n"


def options(kind, body=b"\x01\x04\0\0\0\0"):
    return kind, bytes([0, (len(body) + 2) // 8 - 1]) + body


def fragment(offset, more, ident=0x89abcdef, reserved=0):
    return 44, struct.pack(">BBHI", 0, 0, offset | reserved << 1 | more, ident)


def authentication(index=0x1234, words=1):
    return 51, struct.pack(">BBHII", 0, 1 + words, 0, index, 7) + bytes(4 * words)


def known_packets():
    """Packets of IPv6 that each show something of a line."""
    six = lambda number, body, **more: wire.ipv6(FAR, NEAR, number, body, **more)
    tcp = lambda *more, **named: wire.tcp(FAR, NEAR, 5000, 443, *more, **named)
    udp = wire.udp(FAR, NEAR, 5000, 53, b"question")
    icmp = lambda kind, code=0, rest=b"\0\0\0\0", data=b"": wire.icmpv6(FAR, NEAR, kind, code, rest, data)
    quoted = wire.ipv6(NEAR, OTHER, 6, wire.tcp(NEAR, OTHER, 40000, 80, "S", 1, options=b"\x02\x04\x05\xb4"), label=5)
    quoted_deep = wire.ipv6(NEAR, OTHER, 58, wire.icmpv6(NEAR, OTHER, 1, 4, data=quoted))
    quoted_fragment = wire.ipv6(NEAR, OTHER, 17, wire.udp(NEAR, OTHER, 1, 2, b"x" * 40), extensions=[options(60), fragment(0, 1)])
    return [
        six(6, tcp("S", 1000, 0, options=b"\x02\x04\x05\xb4\x04\x02")), six(6, tcp("SECUPN", 1, 2, urgent=9, reserved=3), traffic_class=0xb9, label=0xfffff, hop_limit=255),
        six(6, tcp("A")[:19]), six(6, b""), six(6, tcp("S", options=b"\x02\x04\x05\xb4")[:22]), six(6, tcp("S", data_offset=4)), six(6, tcp("S", data_offset=15)),
        six(17, udp), six(17, udp[:7]), six(17, b""), six(136, wire.udp(FAR, NEAR, 1, 2, b"lite", proto=136, coverage=8)), six(136, bytes(3)),
        six(132, struct.pack(">HHII", 1, 2, 3, 4) + bytes(8)), six(33, bytes(16)), six(47, bytes(8)), six(253, b""), six(59, b""), six(59, b"rest"),
        six(41, wire.ipv6(FAR, NEAR, 17, udp)), six(4, wire.ipv4(FAR4, NEAR4, 17, wire.udp(FAR4, NEAR4, 1, 2))), six(1, wire.icmp(8)),
        *(six(58, icmp(kind, 0, struct.pack(">HH", 77, 5), b"data")) for kind in (128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 139, 143, 5, 127, 200)),
        six(58, icmp(128)[:7]), six(58, icmp(128)[:3]), six(58, b""),
        *(six(58, icmp(1, code, data=quoted)) for code in (0, 4, 6)), six(58, icmp(2, 0, struct.pack(">I", 1280), quoted)), six(58, icmp(3, 1, data=quoted[:48])),
        six(58, icmp(4, 1, struct.pack(">I", 40), quoted)), six(58, icmp(4, 2, struct.pack(">I", 0xffffffff), quoted[:39])), six(58, icmp(2, 0, struct.pack(">I", 0x80000000))),
        six(58, icmp(1, 3, data=quoted_deep)), six(58, icmp(1, 3, data=quoted_fragment)), six(58, icmp(3, 0, data=quoted[:40])), six(58, icmp(3, 0, data=quoted[:52])),
        six(58, icmp(3, 0, data=wire.ipv4(NEAR4, FAR4, 17, wire.udp(NEAR4, FAR4, 1, 2, bytes(40))))), six(58, icmp(3, 0, data=wire.ipv4(NEAR4, FAR4, 17, wire.udp(NEAR4, FAR4, 1, 2)))), six(58, icmp(1, 0, data=b"\0" * 48)),
        six(6, tcp("S"), extensions=[options(0)]), six(6, tcp("S"), extensions=[options(0), options(60), (43, bytes([0, 0, 4, 0, 0, 0, 0, 0])), options(60, bytes(14))]),
        six(17, udp, extensions=[(43, bytes([0, 2, 2, 0]) + bytes(4) + wire.address(OTHER))]), six(17, udp, extensions=[authentication()]), six(17, udp, extensions=[authentication(0xf1234567, 3)]),
        six(51, bytes([17, 4, 0, 0, 0, 0, 0])), six(51, b"\x11"), six(50, struct.pack(">II", 0x1f, 1) + bytes(8)), six(50, bytes(7)), six(50, bytes(1)), six(50, b""),
        six(17, udp, extensions=[options(60), fragment(0, 1)]), six(17, b"x" * 16, extensions=[fragment(1480, 1)]), six(6, tcp("S"), extensions=[fragment(8, 0)]), six(58, icmp(128), extensions=[fragment(16, 0, 1)]),
        six(17, udp, extensions=[fragment(0, 0)]), six(17, udp, extensions=[fragment(0, 0, 5, 3)]), six(60, options(60)[1], extensions=[fragment(8, 0)]), six(51, authentication()[1], extensions=[fragment(8, 0)]),
        six(50, bytes(16), extensions=[fragment(8, 1)]), six(44, bytes(8), extensions=[fragment(8, 0)]), six(44, bytes(7)), six(44, bytes(2)), six(44, b"\0"), six(60, b"\x06"), six(60, b"\x06\x05abcd"), six(43, b""),
        six(253, b"abc", extensions=[options(60)]), six(59, b"", extensions=[options(60)]), six(0, options(0)[1], extensions=[options(60)]), six(135, bytes([59, 0, 5, 0, 0, 0, 0, 0])),
        six(6, tcp("S"), extensions=[options(60)] * 170), six(17, udp, extensions=[fragment(0, 1, 1)] * 60), six(17, udp, length=5), six(17, udp, length=0),
    ]


def known_packets4():
    """Packets of IPv4 whose lines end early."""
    four = lambda number, body, **more: wire.ipv4(FAR4, NEAR4, number, body, **more)
    udp = wire.udp(FAR4, NEAR4, 5000, 53, b"question")
    tcp = wire.tcp(FAR4, NEAR4, 5000, 443, "S", options=b"\x02\x04\x05\xb4")
    quoted = wire.ipv4(NEAR4, FAR4, 6, tcp)
    return [
        four(6, tcp), four(6, tcp[:19]), four(6, tcp[:22]), four(17, udp[:7]), four(17, udp), four(17, udp, offset=8, mf=True), four(6, tcp, offset=8), four(1, wire.icmp(8), offset=8),
        four(136, wire.udp(FAR4, NEAR4, 1, 2, proto=136)), four(51, bytes(11)), four(51, bytes(16)), four(51, bytes(16), offset=8), four(50, bytes(7)), four(50, bytes(8)), four(50, bytes(8), offset=8),
        *(four(1, wire.icmp(kind, code, struct.pack(">HH", 1, 1400), quoted)) for kind, code in ((3, 4), (3, 1), (4, 0), (5, 1), (11, 0), (12, 0), (0, 0), (8, 0), (13, 0), (17, 0), (10, 0))),
        *(four(1, wire.icmp(kind, 0, data=quoted[:12])) for kind in (3, 5, 11, 12, 13, 17)), four(1, wire.icmp(8)[:7]), four(1, b""), four(1, wire.icmp(3, 1, data=quoted[:24])),
        four(1, wire.icmp(3, 1, data=wire.ipv4(NEAR4, FAR4, 1, wire.icmp(3, 1, data=quoted)))), four(1, wire.icmp(3, 1, data=wire.ipv4(NEAR4, FAR4, 17, udp, options=b"\x07\x07\x04" + bytes(5))[:24])),
        four(1, wire.icmp(3, 1, data=wire.ipv6(NEAR, FAR, 17, wire.udp(NEAR, FAR, 1, 2)))), four(1, wire.icmp(3, 1, data=b"\x4f" + quoted[1:40])), four(1, wire.icmp(3, 1, data=b"\x4f" + quoted[1:] + bytes(8))),
        four(17, udp, options=b"\x07\x07\x04" + bytes(5)), four(132, bytes(12)), four(41, bytes(4)), four(6, tcp, tos=0xff, reserved=True, df=True),
    ]


def local_packets():
    six = lambda number, body, **more: wire.ipv6(NEAR, FAR, number, body, **more)
    return [six(6, wire.tcp(NEAR, FAR, 40000, 80, "S")), six(17, wire.udp(NEAR, FAR, 1, 2)), six(17, b"1"), six(50, bytes(8)), six(58, wire.icmpv6(NEAR, FAR, 128)), six(17, b"x" * 8, extensions=[fragment(8, 0)]),
            six(60, b"\x06"), wire.ipv4(NEAR4, FAR4, 17, wire.udp(NEAR4, FAR4, 1, 2)), wire.ipv4(NEAR4, FAR4, 17, b"1"), wire.ipv4(NEAR4, FAR4, 6, bytes(8))]


def framed_packets():
    """Packets with the Ethernet header that a tap device gets: the destination, the source, the type."""
    mac = bytes.fromhex("020000000001"), bytes.fromhex("0200000000aa")
    six, four = wire.ipv6(FAR, NEAR, 17, wire.udp(FAR, NEAR, 1, 2)), wire.ipv4(FAR4, NEAR4, 17, wire.udp(FAR4, NEAR4, 1, 2))
    return [mac[0] + mac[1] + b"\x86\xdd" + six, mac[0] + mac[1] + b"\x08\x00" + four]


class KernelLog:
    """The lines that the kernel logs about one device."""

    def __init__(self, device):
        self.device, self.file = device, os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        self.skip()

    def skip(self):
        """Passes over what is there."""
        os.lseek(self.file, 0, os.SEEK_END)

    def read(self):
        lines = []
        while True:
            try:
                record = os.read(self.file, 8192).decode()
            except BlockingIOError:
                return lines
            except BrokenPipeError:
                raise SystemExit("log_lines.py: the kernel's log was overwritten before it was read")
            text = record.split(";", 1)[1].split("\n", 1)[0]
            if f"IN={self.device} " in text or f"OUT={self.device} " in text:
                lines.append(text.replace(self.device, "eth0"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--packets", type=int, default=30, help="random packets beside the known ones")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.inside:
        setting = "/proc/sys/net/netfilter/nf_log_all_netns"
        with open(setting) as f:
            before = f.read().strip()
        write(setting, 1)
        try:
            raise SystemExit(subprocess.run(["unshare", "-n", sys.executable, os.path.abspath(__file__), "--inside", *sys.argv[1:]]).returncode)
        finally:
            write(setting, before)
    r = random.Random(arguments.seed)
    random_packets = [p[:24] + wire.address(NEAR) + p[40:] for p in (header_matches.random_packet(r) for _ in range(arguments.packets))]
    for family, name in ((2, "nf_log_ipv4"), (10, "nf_log_ipv6")):
        write(f"/proc/sys/net/netfilter/nf_log/{family}", name)
    version = subprocess.run(["iptables-legacy", "--version"], text=True, capture_output=True).stdout.split()[1]
    print(f"# Linux {'.'.join(os.uname().release.split('-')[0].split('.')[:2])}, iptables-legacy {version.lstrip('v')}, made by Tests/Kernel/log_lines.py, which says what the lines are")
    for line in RULES:
        print(f"# {line}")
    device, tap = "hwl0", "hwt0"               # four letters as in eth0: the kernel cuts long lines
    files = {"tun": open_tun(device), "tap": open_tun(tap, 0x1002)}
    write("/proc/sys/net/ipv6/conf/default/router_solicitations", 0)
    commands = [f"link set {device} multicast off", f"link set {tap} multicast off", f"link set {tap} address 02:00:00:00:00:01", f"link set {device} up", f"link set {tap} up", f"addr add {NEAR}/64 dev {device} nodad",
                f"addr add {NEAR4}/24 dev {device}", f"route add default dev {device}", f"-6 route add default dev {device}"]
    for command in commands:
        subprocess.run(["ip", *command.split()], check=True)
    for tool in ("iptables-legacy-restore", "ip6tables-legacy-restore"):
        subprocess.run([tool], input=rules(), text=True, check=True)
    time.sleep(0.2)
    logs = {"tun": KernelLog(device), "tap": KernelLog(tap)}
    logs["local"] = logs["tun"]
    sockets = {4: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW), 6: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)}
    packets = [("tun", p) for p in known_packets() + known_packets4() + random_packets] + [("local", p) for p in local_packets()] + [("tap", p) for p in framed_packets()]
    for way, packet in packets:
        logs[way].skip()
        if way == "local":
            version = packet[0] >> 4
            try:
                sockets[version].sendto(packet, (FAR if version == 6 else FAR4, 0))
            except PermissionError:
                pass                            # as the last rule drops it
        else:
            os.write(files[way], packet)
        lines, quiet = [], 0
        while quiet < 3:
            more = logs[way].read()
            lines += more
            quiet = 0 if more else quiet + 1
            time.sleep(0.001)
        print("packet", way, packet.hex())
        for line in lines:
            if not line.startswith("TRACE: ") or line.split()[1].split(":")[0] == "mangle" and line.split()[1][-1] in "14":
                print(f"line {line}|")


if __name__ == "__main__":
    main()
