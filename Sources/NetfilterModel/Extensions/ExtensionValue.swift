// A match or target with its options and its type erased.

/// A match or target with its options, whatever its type.
public struct ExtensionValue: Sendable {
  /// Its facts; nil for one that nothing here knows.
  let kind: ExtensionKind?
  /// Answers questions.
  let ask: @Sendable (inout ExtensionCall) throws(OptionError) -> Void

  init<Value: MatchExtension>(match value: Value, _ kind: ExtensionKind) {
    self.kind = kind
    ask = { (call) throws(OptionError) in
      switch call {
      case .conditions: call = .conditions(value.conditions)
      case .text: call = .text(value.remark)
      case .parse(let row, let argument):
        var changed = value
        try changed.parseOption(row, argument)
        call = .changed(ExtensionValue(match: changed, kind))
      case .finish(let rule):
        var changed = value
        try changed.finish(rule)
        call = .changed(ExtensionValue(match: changed, kind))
      default: value.answer(&call)
      }
    }
  }

  init<Value: TargetExtension>(target value: Value, _ kind: ExtensionKind) {
    self.kind = kind
    ask = { (call) throws(OptionError) in
      switch call {
      case .effects: call = .effects(value.effects)
      case .parse(let row, let argument):
        var changed = value
        try changed.parseOption(row, argument)
        call = .changed(ExtensionValue(target: changed, kind))
      case .finish(let rule):
        var changed = value
        try changed.finish(rule)
        call = .changed(ExtensionValue(target: changed, kind))
      default: value.answer(&call)
      }
    }
  }

  /// One that nothing here knows.
  init(unknown value: UnknownExtension, isMatch: Bool) {
    kind = nil
    ask = { (call) throws(OptionError) in
      switch call {
      case .save(var writer):
        value.save(into: &writer)
        call = .save(writer)
      case .listing: call = .text("[unknown \(isMatch ? "match" : "target") \(value.name)]")
      case .name: call = .text(value.name)
      case .conditions:
        call = .conditions([.opaque("", OpaqueTest.unknown("match `\(value.name)` is not known here"))])
      case .effects: call = .effects([.unknown("target `\(value.name)` is not known here")])
      case .parse: throw OptionError("there is no such option")
      default: break
      }
    }
  }

  /// Asks what cannot fail.
  func answer(_ question: ExtensionCall) -> ExtensionCall {
    var call = question
    do throws(OptionError) { try ask(&call) } catch { return .done }
    return call
  }

  /// Changes the value; complains about a wrong option.
  mutating func change(_ question: ExtensionCall) throws(OptionError) {
    var call = question
    try ask(&call)
    if case .changed(let value) = call { self = value }
  }

  func save(into writer: inout SaveWriter) {
    // Into a writer of its own: one that is handed through an enum would be copied with all that it holds.
    if case .save(let own) = answer(.save(SaveWriter())) { writer.append(own) }
  }

  /// One option as iptables-save prints it, without a leading blank; empty where it prints none.
  func optionText(_ name: String) -> String {
    guard let row = kind?.signatures.firstIndex(where: { $0.name == name }),
      case .save(let writer) = answer(.saveOption(row, SaveWriter()))
    else { return "" }
    return String(writer.text.drop { $0 == " " })
  }

  /// The name as `-m` or `-j` takes it.
  var name: String {
    if let kind { return kind.spec.name }
    if case .text(let name?) = answer(.name) { return name }
    return ""
  }

  func listing(_ style: ListStyle) -> String {
    if case .text(let text?) = answer(.listing(style)) { return text }
    return ""
  }

  func warning(_ row: Int, _ argument: OptionArgument) -> String? {
    if case .text(let text) = answer(.warning(row: row, argument)) { return text }
    return nil
  }

  func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    if case .refusal(let refusal) = answer(.kernelRefusal(rule)) { return refusal }
    return nil
  }

  var needs: (conntrack: Bool, accounting: Bool, reassembly: Bool) {
    if case .needs(let conntrack, let accounting, let reassembly) = answer(
      .needs(conntrack: false, accounting: false, reassembly: false))
    {
      return (conntrack, accounting, reassembly)
    }
    return (false, false, false)
  }

  /// The names of the sets that it needs.
  var sets: [String] {
    if case .sets(let names) = answer(.sets([])) { return names }
    return []
  }

  /// What loading it makes for later rules.
  var object: KernelObject? {
    if case .object(let object) = answer(.object(nil)) { return object }
    return nil
  }
}

extension OpaqueTest {
  /// A test that nothing here can decide.
  static func unknown(_ reason: String) -> OpaqueTest {
    OpaqueTest(keepsState: false, mayBeUnknown: true, saw: { _, _, _ in reason }) { _, _, _ in .unknown }
  }
}
