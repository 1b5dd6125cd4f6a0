"""What differs between a random scenario of IPv4 and one of IPv6: addresses, ICMP numbers, names in rules."""
import ipaddress
import struct

import wire


class Family4:
    number, loopback, zero, icmp = 4, "127.0.0.1", "0.0.0.0", wire.ICMP
    networks = ["10.0.0.0/24", "192.168.1.0/24", "172.16.5.0/24", "203.0.113.0/24", "198.51.100.0/28", "10.1.0.0/16", "192.0.2.0/30"]
    far = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "10.20.0.7", "10.20.30.40"]
    routed, inner, default = "10.20.0.0/16", "10.20.30.0/24", "default"
    multicast = ["224.0.0.1", "224.0.0.251", "239.1.2.3"]
    special = {"blackhole": "10.66.0.0/16", "unreachable": "10.67.0.0/16", "prohibit": "10.68.0.0/16", "throw": "10.66.0.0/24"}
    nowhere = ["10.66.0.9", "10.67.0.9", "10.68.0.9"]
    odd = ["255.255.255.255", "0.0.0.0", "127.0.0.1", "169.254.1.1", "240.0.0.1"]
    odd_targets = ["255.255.255.255", "127.0.0.1", "0.0.0.0", "240.0.0.1"]
    odd_sources = ["0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "10.66.0.9", "169.254.1.1"]
    everybody = ["255.255.255.255", "224.0.0.251"]          # to whom a client may call without knowing a name
    loopback_extra = "10.255.255.1/32"
    local_network, local_network_address = "10.66.1.0/24", "10.66.1.5"
    carrier = "100.64.0.1"
    outside = ["203.0.113.77", "198.18.0.9", "127.0.0.1"]
    sources = ["203.0.113.77", "198.51.100.9"]
    netmaps = ["172.31.0.0/16", "10.20.0.0/16", "192.168.9.0/24"]
    echo, echo_reply = 8, 0
    icmp_errors = [(3, 0), (3, 1), (3, 2), (3, 3), (3, 3), (3, 4), (3, 9), (3, 10), (3, 13), (3, 15), (4, 0), (5, 0), (5, 1), (11, 0), (11, 1), (12, 0)]
    ttl_name = "ttl"
    header_length = 20

    @staticmethod
    def hosts(network):
        return list(network.hosts()) if network.prefixlen >= 28 else [network[i] for i in (1, 2, 3, 5, 7, 20, 100, 200, 254)]

    @staticmethod
    def packet(source, target, proto, payload, **more):
        return wire.ipv4(source, target, proto, payload, **more)

    @staticmethod
    def message(source, target, kind, code=0, rest=bytes(4), data=b"", **more):
        return wire.icmp(kind, code, rest, data, **more)


class Family6:
    number, loopback, zero, icmp = 6, "::1", "::", wire.ICMPV6
    networks = ["fd00:1::/64", "2001:db8:1::/64", "fd00:5::/64", "2001:db8:113::/64", "2001:db8:100::/124", "fd00:aa::/48", "2001:db8:2::/126"]
    far = ["2001:4860:4860::8888", "2606:4700:4700::1111", "2a00:1450::5", "fd00:20::7", "fd00:20:30::40"]
    routed, inner, default = "fd00:20::/32", "fd00:20:30::/48", "::/0"
    multicast = ["ff02::1", "ff02::fb", "ff05::1:3", "ff02::1:ff00:1", "ff0e::101", "ff02::2", "ff05::2", "ff03::1", "ff08::1", "ff01::2"]
    special = {"blackhole": "fd00:66::/32", "unreachable": "fd00:67::/32", "prohibit": "fd00:68::/32", "throw": "fd00:66::/48"}
    nowhere = ["fd00:66::9", "fd00:67::9", "fd00:68::9"]
    odd = ["::", "::1", "fe80::1", "fe80::99", "::ffff:10.0.0.1", "64:ff9b::808:808", "100::1", "fec0::1"]
    odd_targets = ["::1", "::", "fe80::99", "::ffff:10.0.0.1", "fec0::1", "ff01::1", "ff00::1", "fe80::", "ff0f::1", "fe80::1", "2002:a00:1::1"]
    odd_sources = ["::", "::1", "ff02::1", "fd00:66::9", "fe80::99", "::ffff:10.0.0.9"]
    everybody = ["ff02::1", "ff02::fb"]
    loopback_extra = "fd00:255::1/128"
    local_network, local_network_address = "fd00:66:1::/48", "fd00:66:1::5"
    carrier = "2001:db8:64::1"
    outside = ["2001:db8:113::77", "2001:db8:18::9", "::1"]
    sources = ["2001:db8:113::77", "2001:db8:51::9"]
    netmaps = ["fd00:31::/64", "fd00:20::/48", "2001:db8:9::/112"]
    echo, echo_reply = 128, 129
    icmp_errors = [(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 4), (1, 5), (1, 6), (2, 0), (2, 0), (3, 0), (3, 1), (4, 0), (4, 1), (4, 2), (100, 0), (127, 1)]
    ttl_name = "hl"
    header_length = 40

    @staticmethod
    def hosts(network):
        if network.prefixlen >= 124:
            return list(network.hosts())
        return [network[i] for i in (1, 2, 3, 5, 7, 0x20, 0x100, 0x200, 0xfffe)]

    @staticmethod
    def packet(source, target, proto, payload, ttl=64, ident=9, tos=0, df=False, mf=False, offset=0, options=b"", reserved=False, total=None, bad_checksum=False,
               version=6, ihl=None, extensions=(), label=0):
        """The packet; what only IPv4 has (df, reserved, bad_checksum, ihl) changes nothing. A fragment gets a fragment header."""
        extensions = list(extensions)
        if mf or offset:
            extensions.append((44, struct.pack(">BBHI", 0, 0, offset & 0xfff8 | mf, ident)))
        return wire.ipv6(source, target, proto, payload, ttl, tos, label, extensions, None if total is None else max(0, total - 20), version)

    @staticmethod
    def message(source, target, kind, code=0, rest=bytes(4), data=b"", bad_checksum=False):
        m = wire.icmpv6(source, target, kind, code, rest, data)
        return m[:2] + bytes([m[2] ^ 0x12, m[3] ^ 0x34]) + m[4:] if bad_checksum else m


FAMILIES = {4: Family4, 6: Family6}
