// 5006: an address with bits outside its mask.

import NetfilterModel

/// 5006: an address has bits outside its mask, which iptables takes away without a word.
enum HostBitsSet: LintCheck {
  static let code = LintCode(
    5006, "host-bits-set", .warning, "An address has bits outside its mask",
    page: LintPage(
      problematic: LintPage.server("-A INPUT -s 10.0.0.2/24 -p tcp -m tcp --dport 22 -j ACCEPT"),
      correct: LintPage.server("-A INPUT -s 10.0.0.0/24 -p tcp -m tcp --dport 22 -j ACCEPT"),
      why: """
        iptables takes the bits outside the mask away: the rule is for the whole network, not for the one address
        that stands there. One of the two was meant.
        """))

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    var said: Set<Int> = []
    for view in subject.views {
      for rule in view.rules.joined() {
        let header = rule.rule.header
        guard header.source != nil || header.destination != nil, let range = rule.rule.location,
          said.insert(range.line).inserted
        else { continue }
        // The model has the network only: what was written stands in the line.
        for address in [header.source?.value, header.destination?.value] {
          guard let address, let length = address.mask.prefixLength, length < subject.family.addressBits,
            let written = word(of: subject.source.line(range.line), network: address, length: length)
          else { continue }
          let place = subject.source.place(of: written, in: range)
          sink.add(
            code, at: place, "`\(written)` means \(address)",
            help: "write \(address), or the one address without a mask",
            fix: LintFix(
              summary: "write \(address)",
              edits: [
                LintEdit(line: place.line, columns: place.column..<(place.column + place.length), text: "\(address)")
              ]),
            subject: "\(view.kind.name) \(written)")
        }
      }
    }
  }

  /// The word of a line that means a network but has other bits; nil when it is written as it is meant.
  private static func word(of line: String, network: AddressMatch, length: Int) -> String? {
    for word in line.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
      guard let slash = word.firstIndex(of: "/"), !word.contains(","),
        let address = IPAddress(word[..<slash], family: network.address.family),
        AddressMatch(address, prefixLength: length) == network, address != network.address
      else { continue }
      let mask = word[word.index(after: slash)...]
      if mask == "\(length)" || IPAddress(mask)?.prefixLength == length { return String(word) }
    }
    return nil
  }
}
