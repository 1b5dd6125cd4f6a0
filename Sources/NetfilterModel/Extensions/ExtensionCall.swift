// How a match or target is asked something when its type is not known: one function for each value, so that nothing
// needs a closed list of types, a cast or an existential (Embedded Swift has none).

/// A question to a match or target, and its answer.
enum ExtensionCall {
  /// Answered.
  case done
  /// Store the option with an index of the option table; answered with `changed`.
  case parse(row: Int, OptionArgument)
  /// Settle and check all options; answered with `changed`.
  case finish(RuleSurroundings)
  /// The value with an option stored or settled.
  case changed(ExtensionValue)
  /// Write the options as iptables-save does; answered with the same case.
  case save(SaveWriter)
  /// Write one option, by its index; answered with `save`.
  case saveOption(Int, SaveWriter)
  /// What `iptables -L` prints; answered with `text`.
  case listing(ListStyle)
  /// What iptables warns of when it has read the option with an index of the option table; answered with `text`.
  case warning(row: Int, OptionArgument)
  /// What the kernel refuses; answered with `refusal`.
  case kernelRefusal(RuleSurroundings)
  /// A refusal, or none.
  case refusal(OptionError?)
  /// The name of one that nothing here knows; answered with `text`.
  case name
  /// Whether loading turns connection tracking and its counters on.
  case needs(conntrack: Bool, accounting: Bool, reassembly: Bool)
  /// What loading makes for later rules; answered with the same case.
  case object(KernelObject?)
  /// The names of the sets that it needs; answered with the same case.
  case sets([String])
  /// The conditions; answered with the same case.
  case conditions([Condition])
  /// The effects; answered with the same case.
  case effects([Effect])
  /// A remark, or the listing's text; answered with the same case.
  case text(String?)
}

extension RuleExtension {
  /// Answers what matches and targets have in common.
  func answer(_ call: inout ExtensionCall) {
    switch call {
    case .save(var writer):
      call = .done
      save(into: &writer)
      call = .save(writer)
    case .saveOption(let row, var writer):
      let rows = Self.options
      if rows.indices.contains(row) { rows[row].save(self, &writer) }
      call = .save(writer)
    case .listing(let style): call = .text(listing(style))
    case .warning(let row, let argument): call = .text(warning(row, argument))
    case .kernelRefusal(let rule): call = .refusal(kernelRefusal(rule))
    case .needs:
      call = .needs(conntrack: enablesConntrack, accounting: enablesAccounting, reassembly: enablesReassembly)
    case .object: call = .object(object)
    case .sets: call = .sets(sets)
    default: break
    }
  }
}
