#!/usr/bin/env python3
"""What the running kernel's ip6tables matches say of random IPv6 packets with extension headers, fragments and cut-off headers.

    header_matches.py [--seed 1] [--packets 150] > Tests/NetfilterModelTests/Recorded/ipv6-matches.txt

Each rule watches a TUN device of its own in raw PREROUTING, between two rules that count every packet of that device. A packet is put
on each device; the counters say whether it matched (h), did not (f), was dropped by the match (d), or did not get there (-), as what
the kernel refuses before its hooks. The file has a line `packet HEX` for each packet, then `rule OPTIONS` and `said ANSWERS`, one
letter for each packet in order. Needs root."""
import argparse
import fcntl
import os
import random
import struct
import subprocess
import sys
import time

ADDRESSES = ["2001:db8::1", "2001:db8::9", "fd00::1", "fd00::2"]
RULES = [
    "-p tcp", "! -p tcp", "-p udp", "-p icmpv6", "-p ipv6-nonxt", "! -p ipv6-nonxt", "-p esp", "-p ah", "-p ipv6-frag", "-p ipv6-route", "-p 135", "-p 41", "-s 2001:db8::/64 -p tcp",
    "-p tcp --dport 80", "-p tcp ! --dport 80", "-p tcp --syn", "-p tcp --tcp-option 2", "-p udp --sport 53", "-p udp ! --sport 53", "-p tcp -m multiport --ports 80,53", "-p esp -m esp --espspi 5",
    "-p icmpv6 --icmpv6-type 128", "-p icmpv6 ! --icmpv6-type 128", "-p icmpv6 --icmpv6-type 1/4", "-p icmpv6 --icmpv6-type 255", "-p icmpv6 ! --icmpv6-type 1", "-p icmpv6 --icmpv6-type 128/0",
    "-m ah", "-m ah --ahspi 5", "-m ah ! --ahspi 5", "-m ah --ahlen 12", "-m ah --ahlen 24", "-m ah ! --ahlen 12", "-m ah ! --ahlen 0", "-m ah --ahres", "-m ah --ahspi 1:9 --ahlen 12 --ahres",
    "-m ah ! --ahspi :",
    "-m hbh", "-m hbh --hbh-len 8", "-m hbh ! --hbh-len 8", "-m hbh --hbh-opts 1:4", "-m hbh --hbh-opts 5:2", "-m hbh --hbh-opts 5:2,1:0", "-m hbh --hbh-opts 1,1", "-m hbh --hbh-opts 0,0",
    "-m hbh ! --hbh-len 16 --hbh-opts 5",
    "-m dst", "-m dst --dst-len 8", "-m dst ! --dst-len 8", "-m dst --dst-len 16", "-m dst --dst-opts 1:4", "-m dst --dst-opts 5:2", "-m dst --dst-opts 5:2,1:0", "-m dst --dst-opts 1,1",
    "-m dst --dst-opts 0,0,1:2", "-m dst --dst-opts 201", "-m dst --dst-opts 1:4,0", "-m dst --dst-opts 5:2,1:0,0,0",
    "-m frag", "-m frag --fragid 5", "-m frag ! --fragid 5", "-m frag --fragfirst", "-m frag --fragmore", "-m frag --fraglast", "-m frag --fragres", "-m frag --fraglen 8", "-m frag --fraglen 9",
    "-m frag --fragid 0:9 --fragres --fragfirst --fragmore", "-m frag ! --fragid :",
    "-m ipv6header --header hop", "-m ipv6header --header hop --soft", "-m ipv6header ! --header hop --soft", "-m ipv6header --header prot", "-m ipv6header ! --header prot",
    "-m ipv6header --header prot,dst", "-m ipv6header --header prot,dst --soft", "-m ipv6header ! --header prot,dst --soft", "-m ipv6header --header frag,prot", "-m ipv6header --header route,prot",
    "-m ipv6header --header ah --soft", "-m ipv6header --header esp --soft", "-m ipv6header --header none --soft", "-m ipv6header --header none", "-m ipv6header ! --header frag,route --soft",
    "-m rt", "-m rt --rt-type 0", "-m rt ! --rt-type 0", "-m rt --rt-type 4", "-m rt --rt-type 256", "-m rt --rt-segsleft 1", "-m rt ! --rt-segsleft 1:2", "-m rt ! --rt-segsleft :", "-m rt --rt-len 24",
    "-m rt ! --rt-len 24", "-m rt --rt-type 0 --rt-0-res", "-m rt --rt-type 0 --rt-0-addrs fd00::1", "-m rt --rt-type 0 --rt-0-addrs fd00::1,fd00::2",
    "-m rt --rt-type 0 --rt-0-addrs fd00::1 --rt-0-not-strict", "-m rt --rt-type 0 --rt-0-addrs fd00::2 --rt-0-not-strict", "-m rt --rt-type 0 --rt-0-addrs fd00::1,fd00::2 --rt-0-not-strict",
    "-m rt --rt-type 0 --rt-0-addrs fd00::2,fd00::1 --rt-0-not-strict", "-m rt --rt-type 0 ! --rt-segsleft 0 --rt-0-res --rt-0-addrs fd00::1",
    "-m srh", "-m srh --srh-next-hdr 6", "-m srh ! --srh-next-hdr 6", "-m srh --srh-hdr-len-eq 2", "-m srh --srh-hdr-len-gt 0", "-m srh ! --srh-hdr-len-gt 0", "-m srh --srh-hdr-len-lt 4",
    "-m srh --srh-segs-left-eq 0", "-m srh --srh-segs-left-gt 0", "-m srh ! --srh-segs-left-lt 1", "-m srh --srh-last-entry-eq 1", "-m srh --srh-last-entry-gt 0", "-m srh ! --srh-last-entry-lt 2",
    "-m srh --srh-tag 1", "-m srh --srh-tag 256", "-m srh ! --srh-tag 256", "-m srh --srh-segs-left-eq 9 --srh-segs-left-lt 1",
    "-m hl --hl-eq 64", "-m hl ! --hl-eq 64", "-m hl --hl-lt 64", "-m hl --hl-gt 64",
    "-p mh -m mh", "-p mh -m mh --mh-type 5", "-p mh -m mh ! --mh-type 5", "-p mh -m mh --mh-type 3:6", "-p mh -m mh ! --mh-type :",
    "-m eui64", "-m length --length 40:80", "-m length ! --length 48", "-m tos --tos 0x10", "-m tos --tos 0x02/0x03", "-m dscp --dscp 0x2e", "-m ecn --ecn-ip-ect 2", "-p tcp -m ecn --ecn-tcp-cwr",
    "-p tcp -m ecn ! --ecn-tcp-ece", "-p tcp -m tcpmss --mss 1000:1460", "-m iprange --src-range 2001:db8::1-2001:db8::8", "-m u32 --u32 6>>24=6", "-m u32 --u32 40=0:0x00ffffff",
    "-m addrtype --src-type UNICAST", "-m string --algo bm --string abcdab",
]


def random_packet(r):
    """A packet that mostly is well formed."""
    address = lambda: bytes(socket_pton(r.choice(ADDRESSES)))
    number = r.choice([6, 6, 17, 58, 58, 135, 50, 59, 41, 132])
    port = lambda: struct.pack(">H", r.choice([80, 53, 22, 65535]))
    if number == 6:
        options = r.choice([b"", b"\x02\x04\x05\xb4", b"\x01\x01\x01\x00", b"\x02\x04\x02\x00"])
        body = port() + port() + bytes(8) + bytes([(20 + len(options)) // 4 << 4, r.choice([2, 0x12, 0x10, 0x80, 0x42, 4]), 1, 0]) + bytes(4) + options + r.choice([b"", b"abcdab"])
    elif number == 58:
        body = bytes([r.choice([128, 129, 1, 1, 255, 3]), r.choice([0, 0, 4, 1])]) + bytes(6) + r.choice([b"", b"abcdab"])
    elif number == 135:
        body = bytes([r.choice([59, 59, 59, 6]), 0, r.choice([0, 3, 5, 5, 7, 200])]) + bytes(5)
    elif number == 50:
        body = struct.pack(">I", r.choice([5, 6])) + bytes(12)
    elif number == 59:
        body = r.choice([b"", b"x"])
    else:
        body = port() + port() + bytes(4) + r.choice([b"", b"abcdab"])
    if r.random() < 0.15:
        body = body[:r.randint(0, len(body))]
    headers, following = b"", number
    kinds = [r.choice([60, 60, 43, 43, 44, 51]) for _ in range(r.choice([0, 0, 1, 1, 1, 2, 3]))] + ([0] if r.random() < 0.2 else [])
    for kind in kinds:
        if kind == 43:
            nodes = [r.choice(ADDRESSES) for _ in range(r.choice([0, 1, 1, 2, 2]))]
            header = bytes([following, 2 * len(nodes), r.choice([0, 0, 0, 2, 4, 4, 4]), r.choice([0, 0, 1, 2]), r.choice([0, 0, 1, 2]), 0, r.choice([0, 0, 1]), r.choice([0, 0, 1])])
            header += b"".join(socket_pton(a) for a in nodes)
        elif kind == 44:
            header = bytes([following, r.choice([0, 0, 0, 1])]) + struct.pack(">HI", r.choice([0, 1, 1, 8, 9, 6, 0xfff8, 0]), r.choice([5, 5, 6, 0xffffffff]))
        elif kind == 51:
            more = r.choice([0, 3])
            header = bytes([following, 1 + more, 0, r.choice([0, 0, 1])]) + struct.pack(">II", r.choice([5, 6, 0xffffffff]), 1) + bytes(4 * more)
        else:
            header = bytes([following, 0]) + r.choice([b"\x01\x04\0\0\0\0", b"\x05\x02\0\0\x01\0", b"\0\0\x01\x02\0\0", b"\x01\x01\0\x01\x01\0", b"\0\0\0\0\0\0"])
            if kind == 60 and r.random() < 0.3:
                header = bytes([following, 1]) + r.choice([header[2:] + b"\x01\x06" + bytes(6), b"\xc9\x0c" + bytes(12), b"\x01\x10" + bytes(12)])
        if kind != 0 and r.random() < 0.04:
            header = header[:1] + bytes([r.randint(0, 255)]) + header[2:]
        headers, following = header + headers, kind
    rest = headers + body
    if r.random() < 0.12:
        rest = rest[:r.randint(0, len(rest))]
    return struct.pack(">IHBB", 6 << 28 | r.choice([0, 0x10, 2, 0xb8, 1, 3]) << 20 | r.randint(0, 0xfffff), len(rest), following, r.choice([1, 63, 64, 65, 255])) + address() + address() + rest


def socket_pton(text):
    import socket
    return socket.inet_pton(socket.AF_INET6, text)


def device(name):
    """A TUN device that is up."""
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, 0x400454ca, struct.pack("16sH22x", name.encode(), 0x1001))
    return file


def counts():
    """The packet counters of raw PREROUTING's rules, in order."""
    saved = subprocess.run(["ip6tables-legacy-save", "-c", "-t", "raw"], text=True, capture_output=True, check=True).stdout
    return [int(line[1:line.index(":")]) for line in saved.split("\n") if line.startswith("[") and "PREROUTING" in line]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--packets", type=int, default=150)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.inside:
        os.execvp("unshare", ["unshare", "-n", sys.executable, os.path.abspath(__file__), "--inside", *sys.argv[1:]])
    r = random.Random(arguments.seed)
    packets = [random_packet(r) for _ in range(arguments.packets)]
    answers = [""] * len(RULES)
    for packet in packets:
        print("packet", packet.hex())
    for start in range(0, len(RULES), 40):
        some = RULES[start:start + 40]
        devices = [device(f"t{i}") for i in range(len(some))]
        subprocess.run(["ip", "-batch", "-"], input="".join(f"link set t{i} up\n" for i in range(len(some))), text=True, check=True)
        text = "*raw\n" + "".join(f"-A PREROUTING -i t{i}\n-A PREROUTING -i t{i} {rule}\n-A PREROUTING -i t{i}\n" for i, rule in enumerate(some)) + "COMMIT\n"
        subprocess.run(["ip6tables-legacy-restore"], input=text, text=True, check=True)
        time.sleep(0.2)
        before = counts()
        for packet in packets:
            for file in devices:
                os.write(file, packet)
            now = counts()
            for i in range(len(some)):
                came, met, left = (now[3 * i + k] - before[3 * i + k] for k in range(3))
                # More than one came where the kernel itself put a packet on the device.
                answers[start + i] += "-" if came != 1 else "d" if not left else "h" if met else "f"
            before = now
        for file in devices:
            os.close(file)
    for rule, answer in zip(RULES, answers):
        print("rule", rule)
        print("said", answer)


if __name__ == "__main__":
    main()
