// What each step of a walk looks like in the report for people.

import NetfilterModel

extension TextReportWriter {
  mutating func write(_ step: WalkStep) {
    // Whether nothing happened at the hook that this step leaves.
    let wasEmpty = cursor.position?.hookIsEmpty ?? false
    if leavesHook(step.event), wasEmpty { text += "  (nothing is loaded here)\n" }
    cursor.take(step)
    number = step.packet.number
    switch step.event {
    case .packetStarts(let packet, let input, let reason): start(packet, input, reason)
    case .hookEntered(let hook, let input, let output): enter(hook, input, output)
    case .tableEntered, .tableLeft: break
    case .ruleMissed(let place, let miss): write(miss, place)
    case .ruleHit(let place, let packet, _, _, _):
      update(packet, name: "changed")
      let name = index.rule(place) == nil ? "\(place.table.name)/\(place.chain)" : place.shortText
      row(
        name, index.text(place), location: index.location(place),
        marker: explains ? "+ " : "  ")
    case .packetChanged(_, let packet), .changedByHost(_, let packet): update(packet, name: "changed")
    case .tracked(let state, let snapshot): track(state, snapshot)
    case .confirmed(let snapshot):
      row("conntrack", "remembers connection \(snapshot.serial), answers are \(snapshot.reply.text)")
    case .translated(let manipulation, _, let packet):
      if cursor.position?.hasWalkedNAT == false { row("nat", "the connection is known: the nat table is not walked") }
      update(packet, name: manipulation == .source ? "source NAT" : "destination NAT")
    case .routed(let decision):
      block("ROUTING", decision.text)
    case .logged(let record, let place): logged(record, place)
    case .reassembled(let packet):
      row("defragment", "the fragments are put together")
      update(packet, name: "reassembled")
    case .emitted(let packet, let output):
      update(packet, name: "changed")
      block("LEAVES", "on \(output)")
      packetLine(packet, indent: 2)
    case .delivered(let packet):
      update(packet, name: "changed")
    case .ended(let disposition):
      end(disposition)
    case .evicted(let connection):
      row("conntrack", "the table is full: connection \(connection.serial), \(connection.original.text), makes room")
      row("", "it is not assured; another boot's hash key may pick another one, or none and drop the packet")
    case .tableFull(let isByChance):
      row("conntrack", "the table is full, and the packet would begin a connection")
      row(
        "",
        isByChance
          ? "no connection that may be evicted is near in the hash table; another boot's key may find one"
          : "every connection in it is assured, so that none makes room")
    case .chosenByChance:
      row("nat", "the kernel draws this port or identifier by chance: another run may choose another")
    case .answerUnknown(let reason): row("answer", "unknown: \(reason)")
    }
  }

  private mutating func start(_ packet: Packet, _ input: InterfaceName, _ reason: PacketReason) {
    shown[number] = packet
    let title: String =
      switch reason {
      case .received: "RECEIVED on \(input)"
      case .sent: "SENT by this host"
      case .looped: "BACK through lo"
      case .answer: "ANSWER of this host"
      }
    if reason == .answer || reason == .looped { text += "\n" }
    text += style.paint(Style.printable(title), .title) + "\n"
    packetLine(packet, indent: 2)
  }

  private mutating func enter(_ hook: Hook, _ input: InterfaceName, _ output: InterfaceName) {
    var ends: [String] = []
    if !input.isNone { ends.append("in \(input)") }
    if !output.isNone { ends.append("out \(output)") }
    block(hook.chainName, ends.joined(separator: " "))
  }

  /// Whether a step ends what happens at a hook.
  private func leavesHook(_ event: WalkEvent) -> Bool {
    switch event {
    case .hookEntered, .routed, .emitted, .delivered, .ended: true
    default: false
    }
  }

  private mutating func write(_ miss: RuleMiss, _ place: RulePlace) {
    guard explains else { return }
    row(
      place.shortText, index.text(place), location: index.location(place), role: .location, marker: "- ")
    row("", miss.text(index.rule(place), cursor.position))
  }

  private mutating func track(_ state: ConnectionState, _ snapshot: Connection?) {
    guard let snapshot else {
      row("conntrack", state == .untracked ? "UNTRACKED" : "INVALID: belongs to no connection")
      return
    }
    var words = "\(state.name), connection \(snapshot.serial)"
    if state.direction == .reply { words += ", in reply" }
    if state != .new { words += " (began as \(snapshot.original.text))" }
    row("conntrack", words)
  }

  private mutating func logged(_ record: LogRecord, _ place: RulePlace) {
    let number = record.detail == nil ? "group \(record.number)" : "level \(record.number)"
    row("log", "\(record.target) \(number)" + (record.prefix.isEmpty ? "" : ", prefix \"\(record.prefix)\""))
  }

  private mutating func end(_ disposition: Disposition) {
    var decidedBy: RulePlace?
    let words: String
    var role = Style.Role.bad
    switch disposition {
    case .delivered:
      words = "DELIVERED to this host"
      role = .good
    case .forwarded(let output):
      words = "FORWARDED out \(output)"
      role = .good
    case .sent(let output):
      words = "SENT out \(output)"
      role = .good
    case .dropped(let place):
      words = "DROPPED"
      decidedBy = place
    case .rejected(let place, let kind):
      words = "REJECTED with \(kind.name)"
      decidedBy = place
    case .discarded(let cause): words = "DISCARDED by the host (\(cause.rawValue)): \(cause.explanation)"
    case .queued(let number, let place):
      words = "QUEUED for user space, queue \(number)"
      decidedBy = place
      role = .change
    case .held:
      words = "HELD until the other fragments arrive"
      role = .change
    case .unknown(let place, let reason):
      words = "UNKNOWN: \(reason)"
      decidedBy = place
      role = .change
    }
    text += "\n"
    for (number, line) in Style.wrap(words, room: style.width - 3).enumerated() {
      text += (number == 0 ? "=> " : "   ") + style.paint(line, role) + "\n"
    }
    if let decidedBy {
      let place = decidedBy.text(in: index)
      row(
        "decided by",
        "\(place)  \(index.rule(decidedBy) == nil ? index.text(decidedBy).replacingPolicy : index.text(decidedBy))",
        location: index.location(decidedBy), marker: "   ")
    }
  }
}

extension String {
  /// `policy DROP` without its first word.
  fileprivate var replacingPolicy: String { hasPrefix("policy ") ? String(dropFirst(7)) : self }
}
