// The inner loop: the parts of a program that every rule touches, and the packet's words, as plain places in memory.

/// What the uniform tests of a rule say.
enum FastResult: UInt8 {
  case fails
  case holds
  /// More than uniform tests is to be asked.
  case cold
}

/// A program and a packet's vector, as the inner loop reads them.
struct ProgramForm {
  let rules: UnsafePointer<CompiledRule>
  let rest: UnsafePointer<ConditionRecord>
  let lists: UnsafePointer<PortList>
  let slots: UnsafeMutablePointer<UInt64>
  /// The rules that the packet jumped from.
  let stack: UnsafeMutablePointer<Int32>

  /// The first rule from `start` on whose uniform tests do not fail, and whether more is to be asked of it.
  ///
  /// There always is one, as a chain ends with a rule that has no condition.
  @inline(__always)
  func firstNotFailing(from start: Int, _ guards: UInt16) -> (rule: Int, isCold: Bool) {
    var rule = rules + start
    while true {
      let record = head(rule)
      let failed = record.pointee.guards & guards
      if failed == 0 {
        let word = slots[Int(record.pointee.slot)] & record.pointee.mask
        if word &- record.pointee.lower <= record.pointee.span {
          switch tail(rule, guards) {
          case .fails: break
          case .holds: return (rule - rules, false)
          case .cold: return (rule - rules, true)
          }
        }
      } else if failed & ~PacketGuards.cold == 0 {
        return (rule - rules, true)
      }
      rule += 1
    }
  }

  /// Whether the conditions of a rule hold, as far as uniform tests can say.
  func result(of index: Int, _ guards: UInt16) -> FastResult {
    let first = result(head(rules + index), guards)
    return first == .holds ? further(rules + index, guards) : first
  }

  /// The first condition of a rule, which lies at its start.
  @inline(__always)
  private func head(_ rule: UnsafePointer<CompiledRule>) -> UnsafePointer<ConditionRecord> {
    UnsafeRawPointer(rule).assumingMemoryBound(to: ConditionRecord.self)
  }

  /// What is left of a rule whose first interval holds.
  @inline(__always)
  private func tail(_ rule: UnsafePointer<CompiledRule>, _ guards: UInt16) -> FastResult {
    if _slowPath(rule.pointee.head.kind != .simple) {
      let kind = special(head(rule))
      if kind != .holds { return kind }
    }
    return rule.pointee.restCount == 0 ? .holds : further(rule, guards)
  }

  /// What the conditions behind the first say.
  @inline(__always)
  private func further(_ rule: UnsafePointer<CompiledRule>, _ guards: UInt16) -> FastResult {
    var left = rule.pointee.restCount
    var record = rest + Int(rule.pointee.rest)
    while left > 0 {
      let next = result(record, guards)
      if next != .holds { return next }
      record += 1
      left &-= 1
    }
    return .holds
  }

  /// What a record says.
  @inline(__always)
  func result(_ record: UnsafePointer<ConditionRecord>, _ guards: UInt16) -> FastResult {
    let failed = record.pointee.guards & guards
    if failed != 0 { return failed & ~PacketGuards.cold != 0 ? .fails : .cold }
    let word = slots[Int(record.pointee.slot)]
    if (word & record.pointee.mask) &- record.pointee.lower > record.pointee.span { return .fails }
    return _fastPath(record.pointee.kind == .simple) ? .holds : special(record)
  }

  /// What is asked behind the interval of a record that is not simple.
  @inline(never)
  private func special(_ record: UnsafePointer<ConditionRecord>) -> FastResult {
    guard record.pointee.kind == .list else { return .cold }
    return lists[Int(record.pointee.reference)].holds(slots[Int(record.pointee.slot)]) ? .holds : .fails
  }
}
