// What people write who know other tools: what they meant, as a hint. Nothing here is accepted.

import NetfilterModel
import Simulator

/// Usual slips in the flow language, and the words that help.
enum FlowSlip {
  /// A first word that starts no line.
  static func firstWord(_ word: String) -> String? {
    switch word {
    case "ping", "icmp", "tcp", "udp", "sctp":
      "a packet says where it starts: `in on INTERFACE \(word == "ping" ? "icmp" : word) ...` or `local \(word == "ping" ? "icmp" : word) ...`"
    default: nil
    }
  }

  /// A word where a protocol stands.
  static func transport(_ word: String) -> String? {
    if word == "ping6" { return "a ping is `icmp6`, an echo request: in on IF icmp6 SRC > DST" }
    if word == "ping" { return "a ping is `icmp`, an echo request: in on IF icmp SRC > DST" }
    for number in [ProtocolNumber.tcp, .udp] {
      guard let port = ServiceNames.port(named: word, protocolNumber: number) else { continue }
      return "a service is a protocol and a port: `\(number == .tcp ? "tcp" : "udp") ADDRESS:PORT > ADDRESS:\(port)`"
    }
    return nil
  }

  /// A word between the two ends.
  static func arrow(_ word: String) -> String? {
    // `->` comes as `-`, as `>` always is a word of its own.
    ["-", "--", "=", "=>", "\u{2192}", "to"].contains(word) ? "write `>` alone: SRC > DST" : nil
  }

  /// A word behind the colon of an end.
  static func port(_ word: String) -> String? {
    if word.utf8.last == 0x2d { return "put blanks around the `>`, and write it without a dash: SRC > DST" }
    for number in [ProtocolNumber.tcp, .udp] {
      if let port = ServiceNames.port(named: word, protocolNumber: number) {
        return "ports are numbers here: \(word) is \(port)"
      }
    }
    return nil
  }

  /// Flags that are not written as letters in brackets.
  static func flags(_ word: String) -> String? {
    // One bracket alone is a part of flags with a blank in them.
    guard word.hasPrefix("[") == word.hasSuffix("]") else { return nil }
    let inside = word.hasPrefix("[") ? word.dropFirst().dropLast() : word[...]
    guard !inside.isEmpty else { return nil }
    guard let flags = TCPFlags(letters: inside) ?? TCPFlags(names: inside) else { return nil }
    return "flags are letters in brackets: `[\(flags.letters)]`"
  }

  /// A verdict as iptables names it.
  static func verdict(_ word: String) -> String? {
    switch word.lowercased() {
    case "accept", "allow", "pass":
      "a rule says ACCEPT, a packet ends as `deliver`, `forward` or `send`"
    case "deny", "block": "write `drop`, or `reject` where an answer is sent"
    default: nil
    }
  }

  /// A text without the byte order mark that some editors put before it.
  static func withoutByteOrderMark(_ text: String) -> String {
    text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// What to do with a rule file that is given as a text of the flow language; nil where the first word says nothing like it.
  static func otherFile(_ first: String, _ file: String) -> String? {
    guard first.hasPrefix("*"), TableKind(name: first.dropFirst()) != nil else { return nil }
    return "name it in a file of tests, `rules v4 PATH`, or trace with `--rules \(file)`"
  }
}
