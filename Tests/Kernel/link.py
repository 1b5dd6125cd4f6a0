"""The devices that scenarios run on, and who is at the other end: TUN devices have no link layer; behind a TAP device are
neighbours that answer ARP requests and neighbour solicitations.

Every address is somebody's, whose Ethernet address is 02:00 and the last four bytes of the IP address, unless the scenario's
"neighbours" say otherwise: "ADDRESS dev NAME none" (nobody is there) or "ADDRESS dev NAME lladdr MAC" (ip-neighbour(8))."""
import fcntl
import os
import socket
import struct
import subprocess

import wire

ARP, IPV4, IPV6 = 0x0806, 0x0800, 0x86dd
SOLICITATION, ADVERTISEMENT = 135, 136


def open_device(name, flags):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH", name.encode(), 0x1000 | flags))    # TUNSETIFF, IFF_NO_PI
    return fd


def is_searching(devices):
    """Whether packets wait for a neighbour."""
    if not any(isinstance(d, Ethernet) for d in devices.values()):
        return False
    return subprocess.run(["ip", "-6", "neigh", "show", "nud", "incomplete"], capture_output=True).stdout != b""


def waiting(fd):
    """What can be read without waiting."""
    found = []
    while True:
        try:
            found.append(os.read(fd, 65536))
        except BlockingIOError:
            return found


class Tunnel:
    """A TUN device: packets as they are."""

    def __init__(self, name):
        self.fd = open_device(name, 1)

    def read(self):
        return waiting(self.fd)

    def write(self, packet):
        os.write(self.fd, packet)


class Ethernet:
    """A TAP device with everybody who is on its link."""

    def __init__(self, name, mac, neighbours):
        self.fd = open_device(name, 2)
        self.mac = bytes.fromhex(mac.replace(":", ""))
        self.known = {}
        for words in (n.split() for n in neighbours):
            if words[2] == name:
                self.known[wire.address(words[0])] = None if words[3] == "none" else bytes.fromhex(words[4].replace(":", ""))
        # Giving up takes three of these.
        for family in ("ipv4", "ipv6"):
            self._set(f"{family}/neigh/{name}/retrans_time_ms", 100)
        # An anycast address is answered for after a time that chance chooses.
        self._set(f"ipv6/neigh/{name}/proxy_delay", 0)
        self._set(f"ipv6/conf/{name}/mldv2_unsolicited_report_interval", 1)
        self._set(f"ipv6/conf/{name}/accept_ra", 0)

    @staticmethod
    def _set(path, value):
        with open("/proc/sys/net/" + path, "w") as f:
            f.write(str(value))

    def owner(self, address):
        """The Ethernet address of who has an address; None where nobody has it."""
        return self.known.get(address, b"\2\0" + address[-4:])

    def read(self):
        packets = []
        for frame in waiting(self.fd):
            kind, data = struct.unpack(">H", frame[12:14])[0], frame[14:]
            if kind == ARP:
                self._answer_arp(data)
            else:
                packets.append(data)
                if kind == IPV6 and len(data) >= 64 and (data[6], data[7], data[40]) == (wire.ICMPV6, 255, SOLICITATION):
                    self._advertise(data)
        return packets

    def write(self, packet):
        """A packet that comes in, from the Ethernet address of its source."""
        six = packet[0] >> 4 == 6
        source, target = (packet[8:24], packet[24:40]) if six else (packet[12:16], packet[16:20])
        to = self.mac
        if six and target[:1] == b"\xff":
            to = b"\x33\x33" + target[-4:]
        elif not six and target[:1] >= b"\xe0":
            to = b"\xff" * 6 if target[:1] >= b"\xf0" else b"\x01\0\x5e" + bytes([target[1] & 0x7f]) + target[2:]
        self._send(to, self.owner(source) or bytes(6), IPV6 if six else IPV4, packet)

    def _send(self, to, source, kind, data):
        os.write(self.fd, to + source + struct.pack(">H", kind) + data)

    def _answer_arp(self, request):
        owner = self.owner(request[24:28])
        if request[6:8] == b"\0\1" and owner and request[14:18] != request[24:28]:
            self._send(request[8:14], owner, ARP, request[:6] + b"\0\2" + owner + request[24:28] + request[8:18])

    def _advertise(self, solicitation):
        target, source = solicitation[48:64], solicitation[8:24]
        owner = self.owner(target)
        if not owner or source == bytes(16):
            return
        answer = advertisement(wire.text(target), wire.text(source), wire.text(target), owner)
        self._send(self.mac, owner, IPV6, answer)


def advertisement(source, destination, target, mac=None, flags=0x60000000, **more):
    """A neighbour advertisement: solicited and override unless flags say otherwise (RFC 4861 4.4)."""
    return discovery(source, destination, ADVERTISEMENT, target, b"\2\1" + mac if mac else b"", flags, **more)


def solicitation(source, target, mac=None, destination=None, **more):
    """A neighbour solicitation, to the solicited-node group of the target unless a destination is named (RFC 4861 4.3)."""
    if destination is None:
        destination = wire.text(socket.inet_pton(socket.AF_INET6, "ff02::1:ff00:0")[:13] + wire.address(target)[13:])
    return discovery(source, destination, SOLICITATION, target, b"\1\1" + mac if mac else b"", **more)


def discovery(source, destination, kind, target, options=b"", flags=0, hop_limit=255, code=0):
    message = wire.icmpv6(source, destination, kind, code, struct.pack(">I", flags), (wire.address(target) if target else b"") + options)
    return wire.ipv6(source, destination, wire.ICMPV6, message, hop_limit=hop_limit)
