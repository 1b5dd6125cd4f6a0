// -j CT: says how connection tracking shall treat the packet.

/// Excludes packets from tracking, or gives their connection a helper, a zone, events or timeouts (kernel:
/// `xt_ct_target`; man page: iptables-extensions, CT).
public struct CTTarget: TargetExtension {
  /// `--notrack`.
  public var notrack = false
  /// `--helper`, at most 15 bytes.
  public var helper: String?
  /// `--timeout`; iptables 1.8.9 keeps four bytes of it.
  public var timeout: String?
  /// `--ctevents`, bits by `events`.
  public var connectionEvents: UInt16 = 0
  /// `--expevents`.
  public var expectationEvents = false
  /// The zone's number; 0 is the default zone.
  public var zone: UInt16 = 0
  /// Whether the packet's mark is the zone (`--zone mark`).
  public var zoneIsMark = false
  /// `--zone-orig`: the zone holds for the original direction.
  public var zoneForOriginal = false
  /// `--zone-reply`: the zone holds for the reply direction.
  public var zoneForReply = false
  /// Makes the target before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec("CT", tables: .raw, summary: "says how connection tracking treats the packet")

  /// The names of the events, bit 0 first (kernel: `enum ip_conntrack_events`).
  static let events = [
    "new", "related", "destroy", "reply", "assured", "protoinfo", "helper", "mark", "natseqinfo", "secmark",
  ]
  /// The helpers that the kernel has for both families, with their protocols.
  static let helpers: [(name: String, protocols: [ProtocolNumber])] = [
    ("ftp", [.tcp]), ("sane", [.tcp]), ("Q.931", [.tcp]), ("sip", [.tcp, .udp]), ("tftp", [.udp]), ("amanda", [.udp]),
    ("RAS", [.udp]), ("H.245", [.udp]),
  ]
  /// Those that it has for IPv4 alone.
  static let helpersOfIPv4: [(name: String, protocols: [ProtocolNumber])] = [
    ("irc", [.tcp]), ("pptp", [.tcp]), ("netbios-ns", [.udp]), ("snmp", [.udp]), ("snmp_trap", [.udp]),
  ]

  /// The option table.
  public static let options: [OptionSpec<CTTarget>] = [
    .flag("notrack", .init({ $0.notrack }, { $0.notrack = $1 })),
    name("helper", .init({ $0.helper }, { $0.helper = $1 }), maximum: 15),
    name("timeout", .init({ $0.timeout }, { $0.timeout = $1 }), maximum: 4),
    OptionSpec(
      "ctevents", placeholder: "event[,event...]",
      parse: { (owner, argument) throws(OptionError) in
        for word in argument.text.split(separator: ",", omittingEmptySubsequences: false) {
          guard let bit = events.firstIndex(where: { $0 == word }) else {
            throw OptionError("`\(word)` is not an event", help: "the events are " + events.joined(separator: " "))
          }
          owner.connectionEvents |= 1 << UInt16(bit)
        }
      },
      save: { owner, writer in
        if owner.connectionEvents != 0 { writer.option("ctevents", owner.eventList) }
      }),
    OptionSpec(
      "expevents", placeholder: "new",
      parse: { (owner, argument) throws(OptionError) in
        for word in argument.text.split(separator: ",", omittingEmptySubsequences: false) where word != "new" {
          throw OptionError("`\(word)` is not an event of an expectation", help: "the only one is new")
        }
        owner.expectationEvents = true
      },
      save: { owner, writer in if owner.expectationEvents { writer.option("expevents", "new") } }),
    zone("zone") { _ in },
    zone("zone-orig") { $0.zoneForOriginal = true },
    zone("zone-reply") { $0.zoneForReply = true },
  ]

  static func name(_ name: String, _ field: OptionField<CTTarget, String?>, maximum: Int) -> OptionSpec<
    CTTarget
  > {
    OptionSpec(
      name, placeholder: "name",
      parse: { (owner, argument) throws(OptionError) in
        let text = argument.text.utf8.prefix(maximum)
        field.set(&owner, text.isEmpty ? nil : String(decoding: text, as: UTF8.self))
      },
      save: { owner, writer in if let text = field.get(owner) { writer.option(name, text) } })
  }

  static func zone(_ name: String, _ direction: @escaping @Sendable (inout CTTarget) -> Void) -> OptionSpec<CTTarget> {
    OptionSpec(
      name, placeholder: "number|mark",
      parse: { (owner, argument) throws(OptionError) in
        if argument.text.lowercased() == "mark" {
          owner.zoneIsMark = true
        } else if let number = parseUnsigned(argument.text, in: 0...65535) {
          owner.zone = UInt16(number)
        } else {
          throw OptionError("`\(argument.text)` is not a zone: a number from 0 to 65535 or `mark`")
        }
        direction(&owner)
      },
      save: { owner, writer in
        if owner.hasZone, owner.zoneName == name { writer.option(name, owner.zoneText) }
      })
  }

  var hasZone: Bool { zoneIsMark || zone != 0 }
  var zoneText: String { zoneIsMark ? "mark" : "\(zone)" }
  /// The option that is printed; both directions together are the plain zone.
  var zoneName: String {
    zoneForOriginal == zoneForReply ? "zone" : (zoneForOriginal ? "zone-orig" : "zone-reply")
  }
  var eventList: String {
    CTTarget.events.enumerated().filter { connectionEvents & 1 << UInt16($0.offset) != 0 }.map { $0.element }
      .joined(separator: ",")
  }

  /// What libiptc says of ENOENT.
  private static let missing = "No chain/target/match by that name"

  /// The kernel knows the helpers and their protocols; a timeout policy must exist, and none does here (kernel: `xt_ct_tg_check`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if notrack { return nil }
    if let helper {
      guard let number = rule.header.protocolNumber, !number.inverted, number.value != .any else {
        return OptionError(
          "--helper needs a protocol", help: "add `-p tcp` or `-p udp` to the rule", tool: CTTarget.missing)
      }
      let known = CTTarget.helpers + (rule.family == .ipv4 ? CTTarget.helpersOfIPv4 : [])
      guard known.contains(where: { $0.name == helper && $0.protocols.contains(number.value) }) else {
        return OptionError("the kernel has no helper `\(helper)` for this protocol", tool: CTTarget.missing)
      }
    }
    if let timeout { return OptionError("there is no timeout policy `\(timeout)`", tool: CTTarget.missing) }
    return nil
  }

  /// All forms but `--notrack` ask for connection tracking.
  public var enablesConntrack: Bool { !notrack }

  /// Attaches a template, or keeps the packet out (kernel: `xt_ct_target`).
  public var effects: [Effect] {
    if notrack { return [.untrack] }
    return [.template(ConnectionTemplate(helper: helper ?? "", hasZone: hasZone))]
  }

  /// `CT notrack`, `CT helper ftp zone 3`.
  public func listing(_ style: ListStyle) -> String {
    var text = "CT"
    if notrack { text += " notrack" }
    if let helper { text += " helper " + helper }
    if let timeout { text += " timeout " + timeout }
    if connectionEvents != 0 { text += " ctevents " + eventList }
    if expectationEvents { text += " expevents new" }
    if hasZone { text += " \(zoneName) \(zoneText)" }
    return text
  }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .same("-A PREROUTING -j CT", table: .raw),
    .same("-A OUTPUT -j CT --notrack", table: .raw),
    .accepted("-A PREROUTING -j CT --zone 0", saves: "-A PREROUTING -j CT", table: .raw),
    .accepted("-A PREROUTING -j CT --zone MARK", saves: "-A PREROUTING -j CT --zone mark", table: .raw),
    .accepted("-A PREROUTING -j CT --zone-orig 5 --zone-reply 6", saves: "-A PREROUTING -j CT --zone 6", table: .raw),
    .accepted("-A PREROUTING -j CT --zone 5 --zone-orig 5", saves: "-A PREROUTING -j CT --zone-orig 5", table: .raw),
    .accepted(
      "-A PREROUTING -p tcp -j CT --zone 3 --ctevents secmark,new --helper ftp",
      saves: "-A PREROUTING -p tcp -j CT --helper ftp --ctevents new,secmark --zone 3", table: .raw),
    .same(
      "-A PREROUTING -p tcp -j CT --notrack --helper nosuch --timeout x --ctevents new --expevents new --zone 4",
      table: .raw),
    .same("-A PREROUTING -p udp -j CT --helper tftp", table: .raw),
    .same("-A PREROUTING -p tcp -j CT --helper irc", table: .raw),
    .same("-A PREROUTING -p tcp -j CT --helper ftp", table: .raw, family: .ipv6),
    .refused("-A PREROUTING -p tcp -j CT --helper irc", table: .raw, family: .ipv6),
    .refused("-A PREROUTING -p udp -j CT --helper netbios-ns", table: .raw, family: .ipv6),
    .refused("-A PREROUTING -j CT --helper ftp", table: .raw),
    .refused("-A PREROUTING -p udp -j CT --helper ftp", table: .raw),
    .refused("-A PREROUTING -p tcp -j CT --timeout pol", table: .raw),
    .refused("-A PREROUTING -j CT --ctevents NEW", table: .raw),
    .refused("-A PREROUTING -j CT --expevents destroy", table: .raw),
    .refused("-A PREROUTING -j CT --zone 65536", table: .raw),
    .refused("-A PREROUTING -j CT --notrack", table: .mangle),
  ]
}
