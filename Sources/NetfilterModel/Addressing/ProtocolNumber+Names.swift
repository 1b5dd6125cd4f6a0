// Names of IP protocols: a table of our own, so that a rule file means the same on every machine.

extension ProtocolNumber {
  static let table = """
    ip 0 IP
    hopopt 0 HOPOPT
    icmp 1 ICMP
    igmp 2 IGMP
    ggp 3 GGP
    ipencap 4 IP-ENCAP
    st 5 ST
    tcp 6 TCP
    egp 8 EGP
    igp 9 IGP
    pup 12 PUP
    udp 17 UDP
    hmp 20 HMP
    xns-idp 22 XNS-IDP
    rdp 27 RDP
    iso-tp4 29 ISO-TP4
    dccp 33 DCCP
    xtp 36 XTP
    ddp 37 DDP
    idpr-cmtp 38 IDPR-CMTP
    ipv6 41 IPv6
    ipv6-route 43 IPv6-Route
    ipv6-frag 44 IPv6-Frag
    idrp 45 IDRP
    rsvp 46 RSVP
    gre 47 GRE
    esp 50 IPSEC-ESP
    ah 51 IPSEC-AH
    skip 57 SKIP
    ipv6-icmp 58 IPv6-ICMP
    ipv6-nonxt 59 IPv6-NoNxt
    ipv6-opts 60 IPv6-Opts
    rspf 73 RSPF CPHB
    vmtp 81 VMTP
    eigrp 88 EIGRP
    ospf 89 OSPFIGP
    ax.25 93 AX.25
    ipip 94 IPIP
    etherip 97 ETHERIP
    encap 98 ENCAP
    pim 103 PIM
    ipcomp 108 IPCOMP
    vrrp 112 VRRP
    l2tp 115 L2TP
    isis 124 ISIS
    sctp 132 SCTP
    fc 133 FC
    mobility-header 135 Mobility-Header
    udplite 136 UDPLite
    mpls-in-ip 137 MPLS-in-IP
    manet 138
    hip 139 HIP
    shim6 140 Shim6
    wesp 141 WESP
    rohc 142 ROHC
    ethernet 143 Ethernet
    mptcp 262 MPTCP
    """

  static let parsed: (numbers: [String: UInt8], names: [UInt8: String]) = {
    var numbers: [String: UInt8] = [:]
    var names: [UInt8: String] = [:]
    // Bytes, as nearly every run of the command reads this table once.
    for line in table.utf8.split(separator: 0x0a) {
      let words = line.split(separator: 0x20).map { Substring($0) }
      guard words.count >= 2, let number = UInt8(words[1]) else { continue }
      for name in [words[0]] + words[2...] where numbers[String(name)] == nil { numbers[String(name)] = number }
      if names[number] == nil { names[number] = String(words[0]) }
    }
    for (name, number) in iptablesNames {
      if numbers[name] == nil { numbers[name] = number }
      if names[number] == nil { names[number] = name }
    }
    return (numbers, names)
  }()

  /// The protocol that the file of protocols gives a name or an alias, in its very case (getprotobyname(3)); nil for none.
  public init?(filedName name: some StringProtocol) {
    let key = String(name)
    guard let number = ProtocolNumber.parsed.numbers[key],
      !ProtocolNumber.iptablesNames.contains(where: { $0.0 == key }) || ProtocolNumber.names[Int(number)] == key
    else { return nil }
    self.init(number)
  }

  /// The names by number.
  private static let names: [String?] = (0...UInt8.max).map { $0 == 0 ? nil : parsed.names[$0] }

  /// Names that iptables brings itself (iptables: `xtables_chain_protos`).
  static let iptablesNames: [(String, UInt8)] = [
    ("tcp", 6), ("sctp", 132), ("udp", 17), ("udplite", 136), ("icmp", 1), ("icmpv6", 58), ("ipv6-icmp", 58),
    ("esp", 50), ("ah", 51), ("ipv6-mh", 135), ("mh", 135), ("dccp", 33), ("all", 0),
  ]

  /// The protocol called `name`, without regard to case for numbers' names as iptables takes them, or nil.
  public init?(name: some StringProtocol) {
    let key = String(name)
    guard let number = ProtocolNumber.parsed.numbers[key] ?? ProtocolNumber.parsed.numbers[key.lowercased()] else {
      return nil
    }
    self.init(number)
  }

  /// The name that `iptables-save` prints, or nil when only the number can be printed.
  public var name: String? { ProtocolNumber.names[Int(rawValue)] }
}

extension ProtocolNumber: CustomStringConvertible {
  /// The name, or the number.
  public var description: String { name ?? "\(rawValue)" }
}
