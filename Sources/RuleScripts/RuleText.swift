// Rules in any form that is read: a rule file, or a script of commands.

import NetfilterModel

/// Reads rules.
public enum RuleText {
  /// Reads a rule file of iptables-save, or a script of iptables commands, whichever it is.
  ///
  /// - Parameters:
  ///   - bytes: the contents.
  ///   - file: the name, for diagnostics.
  ///   - family: whose rules are wanted.
  ///   - counters: what becomes of counters in a rule file.
  ///   - options: what a script is given.
  /// - Returns: the tables and every problem; never fails.
  public static func parse(
    _ bytes: [UInt8], file: String, family: AddressFamily, counters: RestoreCounters = .kept,
    options: ScriptOptions = ScriptOptions()
  ) -> RestoreResult {
    guard RuleScript.isScript(bytes) else {
      return RestoreParser.parse(bytes, file: file, family: family, counters: counters)
    }
    let script = RuleScript.read(bytes, file: file, options: options)
    return RestoreResult(ruleset: script[family], diagnostics: script.diagnostics)
  }
}
