// What each step of a walk looks like in the report for people.

import NetfilterModel

extension TextReportWriter {
  mutating func write(_ step: WalkStep) {
    // Whether nothing happened at the hook that this step leaves.
    let wasEmpty = cursor.position?.hookIsEmpty ?? false
    if wasEmpty, leavesHook(step.event) { line("(nothing is loaded here)", indent: 2) }
    cursor.take(step)
    number = step.packet.number
    switch step.event {
    case .packetStarts(let packet, let input, let reason): start(packet, input, reason)
    case .hookEntered(let hook, let input, let output): enter(hook, input, output)
    case .tableEntered: calls.enterTable()
    case .tableLeft: break
    case .ruleMissed(let place, let miss): write(miss, place)
    case .ruleHit(let place, let packet, _, _, _): hit(place, packet)
    case .packetChanged(_, let packet), .changedByHost(_, let packet): update(packet, name: "changed")
    case .tracked(let state, let snapshot): track(state, snapshot)
    case .confirmed(let snapshot):
      content.clear()
      content.add("remembers connection ")
      content.add(snapshot.serial)
      content.add(", answers are ")
      snapshot.reply.write(into: &content)
      writeRow("conntrack")
    case .translated(let manipulation, _, let packet):
      if cursor.position?.hasWalkedNAT == false { row("nat", "the connection is known: the nat table is not walked") }
      update(packet, name: manipulation == .source ? "source NAT" : "destination NAT")
    case .routed(let decision): route(decision)
    case .neighbour(let outcome):
      block("NEIGHBOUR", outcome.text)
      if let packet = shown[number] { packetLine(packet, indent: 2) }
    case .logged(let record, let place): logged(record, place)
    case .outside(let what, _): row("", what)
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
    if reason != .received && reason != .sent || number != 0 { endLine() }
    switch reason {
    case .received: heading("RECEIVED on \(input)")
    case .sent: heading("SENT by this host")
    case .looped: heading("BACK through lo")
    case .answer: heading("ANSWER of this host")
    case .duplicate: heading("COPY by a rule")
    case .discovery: heading("NEIGHBOUR WANTED by this host")
    }
    packetLine(packet, indent: 2)
  }

  private mutating func enter(_ hook: Hook, _ input: InterfaceName, _ output: InterfaceName) {
    var ends = ReportText()
    if !input.isNone {
      ends.add("in ")
      ends.add(input)
    }
    if !output.isNone {
      ends.add(input.isNone ? "out " : " out ")
      ends.add(output)
    }
    block(hook.chainName, ends.string)
  }

  /// Whether a step ends what happens at a hook.
  private func leavesHook(_ event: WalkEvent) -> Bool {
    switch event {
    case .hookEntered, .routed, .emitted, .delivered, .ended, .packetStarts(_, _, .discovery): true
    default: false
    }
  }

  private mutating func route(_ decision: RoutingDecision) {
    block("ROUTING", decision.text(cursor.position?.family ?? .ipv4))
    guard report.isHostAssumed, let position = cursor.position,
      position.translations.contains(where: { $0.manipulation == .destination }),
      let destination = IPHeader(position.packet.bytes)?.destination
    else { return }
    line("a guess: no host was given, so nobody said where \(destination) is", indent: 12)
  }

  private mutating func hit(_ place: RulePlace, _ packet: Packet) {
    update(packet, name: "changed")
    let chain = index.chain(place)
    let rule = index.rule(place, in: chain)
    let back = calls.take(place, rule)
    content.clear()
    if rule == nil, let back, let hook = cursor.position?.hook {
      content.add(back.text(at: place, hook: hook))
    } else {
      index.write(place, rule, chain, into: &content)
    }
    writeRow(place, at: index.range(rule, chain), marker: report.explains ? "+ " : "  ")
  }

  private mutating func write(_ miss: RuleMiss, _ place: RulePlace) {
    guard report.explains else { return }
    let chain = index.chain(place)
    let rule = index.rule(place, in: chain)
    content.clear()
    index.write(place, rule, chain, into: &content)
    writeRow(place, at: index.range(rule, chain), role: .location, marker: "- ")
    row("", miss.text(rule, cursor.position))
  }

  private mutating func track(_ state: ConnectionState, _ snapshot: Connection?) {
    content.clear()
    if let snapshot {
      content.add(state.name)
      content.add(", connection ")
      content.add(snapshot.serial)
      if state.direction == .reply { content.add(", in reply") }
      if state != .new {
        content.add(" (began as ")
        snapshot.original.write(into: &content)
        content.add(")")
      }
    } else {
      content.add(state == .untracked ? "UNTRACKED" : "INVALID: belongs to no connection")
    }
    writeRow("conntrack")
  }

  private mutating func logged(_ record: LogRecord, _ place: RulePlace) {
    let number = record.detail == nil ? "group \(record.number)" : "level \(record.number)"
    row("log", "\(record.target) \(number)" + (record.prefix.isEmpty ? "" : ", prefix \"\(record.prefix)\""))
  }

  /// How a packet ended; of the walk's own packet that is shown in any case.
  private mutating func end(_ disposition: Disposition) {
    if number == 0 {
      hasShownEnd = whole { $0.writeEnd(disposition) }
    } else {
      writeEnd(disposition)
    }
  }

  /// The verdict, and what decided.
  mutating func writeEnd(_ disposition: Disposition) {
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
      words = "REJECTED with \(kind.name(place.family))"
      decidedBy = place
    case .discarded(let cause):
      words = "DISCARDED by the host (\(cause.rawValue)): \(cause.explanation(shown[number]?.family ?? .ipv4))"
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
    verdict(words, role)
    guard let decidedBy else { return }
    let chain = index.chain(decidedBy)
    let rule = index.rule(decidedBy, in: chain)
    content.clear()
    content.add(index.name(decidedBy))
    content.add(" ")
    if rule == nil, let policy = chain?.policy {
      content.add(policy.name)
    } else {
      index.write(decidedBy, rule, chain, into: &content)
    }
    writeRow("decided by", at: index.range(rule, chain), marker: "   ")
  }
}
