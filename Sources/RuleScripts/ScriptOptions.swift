// What a caller says about a script of iptables commands.

import NetfilterModel
import ShellScript

/// How scripts are read: their arguments, and what is said about what they ask of the system.
public struct ScriptOptions: Sendable {
  /// The words behind the script's name.
  public var arguments: [String] = []
  /// Variables of the environment, and values for variables that are not known (`--set NAME=VALUE`).
  public var variables: [String: String] = [:]
  /// Conditions that are not known, by `LINE` or `FILE:LINE` (`--assume LINE=yes|no`).
  public var answers: [String: Bool] = [:]
  /// The contents of a file that a script sources or reads, by its name there and the path of the script; nil for one that is
  /// not known.
  public var read: @Sendable (_ name: String, _ script: String) -> [UInt8]? = { _, _ in nil }
  /// The most commands that are run; nil for the shell's own bound (`ShellOptions.mostSteps`).
  package var mostCommands: Int?

  /// Makes options that say nothing.
  public init() {}

  /// The words of a text, as a shell parts them: blanks separate, quotes and backslashes keep; nothing is expanded. Nil when a quote is
  /// not closed.
  public static func words(_ text: String) -> [String]? {
    var words: [String] = []
    var word: [UInt8]?
    var quote: UInt8 = 0
    var isEscaped = false
    for byte in text.utf8 {
      if isEscaped {
        // In double quotes a backslash keeps only what is special there (POSIX.1-2017 2.2.3).
        if quote == 0x22, ![0x22, 0x5c, 0x24, 0x60].contains(byte) { word = (word ?? []) + [0x5c] }
        word = (word ?? []) + [byte]
        isEscaped = false
      } else if byte == 0x5c, quote != 0x27 {
        isEscaped = true
      } else if quote != 0 {
        if byte == quote { quote = 0 } else { word = (word ?? []) + [byte] }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
        word = word ?? []
      } else if byte == 0x20 || byte == 0x09 || byte == 0x0a {
        if let word { words.append(String(decoding: word, as: UTF8.self)) }
        word = nil
      } else {
        word = (word ?? []) + [byte]
      }
    }
    if quote != 0 || isEscaped { return nil }
    if let word { words.append(String(decoding: word, as: UTF8.self)) }
    return words
  }
}
