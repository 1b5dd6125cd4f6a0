// Why a rule did not match, in words.

import NetfilterModel

extension RuleMiss {
  /// `failed only on --dport 80: the packet has 443`; every condition that fails, and those that nothing here can decide.
  ///
  /// Where a translation changed what the packet had, so that the condition would have held before, that is said too.
  public func text(_ rule: Rule?, _ position: PacketPosition?) -> String {
    guard !failed.isEmpty else { return "did not match" }
    let conditions = rule?.conditions ?? []
    var parts = failed.map { miss in
      var text = miss.option
      if !miss.saw.isEmpty { text += ": \(miss.saw)" }
      if let position, conditions.indices.contains(miss.condition),
        let change = position.translation(behind: conditions[miss.condition])
      {
        text += " (\(change))"
      }
      return text
    }
    parts[0] = "failed \(isOnlyOne ? "only " : "")on " + parts[0]
    if !undecided.isEmpty { parts.append("undecided: " + undecided.map({ $0.option }).joined(separator: ", ")) }
    return parts.joined(separator: "; ")
  }
}

extension PacketPosition {
  /// `DNAT changed the port from 8080 to 80`, where a condition would have held before a translation; nil otherwise.
  func translation(behind condition: Condition) -> String? {
    for step in translations.reversed() {
      guard let before = value(of: condition.field, step.before), let after = value(of: condition.field, step.after),
        before != after, condition.result(before) == .holds
      else { continue }
      let name = step.manipulation == .source ? "source NAT" : "destination NAT"
      return "\(name) changed \(Self.text(condition.field, before, after, step))"
    }
    return nil
  }

  private func value(of field: Field, _ packet: Packet) -> FieldValue? {
    switch field {
    case .source, .destination, .sourcePort, .destinationPort, .eitherPort: break
    default: return nil
    }
    guard let header = IPHeader(packet.bytes) else { return nil }
    let context = PacketContext(
      packet: packet, header: header, hook: hook, table: table, input: input, output: output, connection: nil,
      state: state)
    return context.value(of: field, connection: nil, now: 0)
  }

  private static func text(_ field: Field, _ before: FieldValue, _ after: FieldValue, _ step: TranslatedPacket)
    -> String
  {
    switch field {
    case .source, .destination:
      let (old, new) = (IPHeader(step.before.bytes), IPHeader(step.after.bytes))
      guard let old, let new else { return "the address" }
      return field == .source
        ? "the source from \(old.source) to \(new.source)"
        : "the destination from \(old.destination) to \(new.destination)"
    case .eitherPort: return "the ports from \(before.low) and \(before.high) to \(after.low) and \(after.high)"
    default: return "the port from \(before.low) to \(after.low)"
    }
  }
}
