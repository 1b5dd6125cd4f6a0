// What is wrong with an option.

/// A complaint about an option, without its place: the parser adds that.
public struct OptionError: Error, Hashable, Sendable {
  /// What is wrong; lower case, user input in backticks, no final period.
  public var message: String
  /// What to do, or nil.
  public var help: String?
  /// What iptables says itself, with marks for the names of the extension and the option; nil where that is not known.
  public var tool: String?

  /// Stands for the name of the extension in `tool`.
  static let extensionMark: Character = "\u{1}"
  /// Stands for the name of the option in `tool`.
  static let optionMark: Character = "\u{2}"

  /// What iptables says of a value that is no number of a range.
  static func outOfRange(_ range: String) -> String {
    "\(extensionMark): bad value for option \"--\(optionMark)\", or out of range (\(range)).\n"
  }

  /// Makes a complaint.
  public init(_ message: String, help: String? = nil, tool: String? = nil) {
    self.tool = tool
    self.message = message
    self.help = help
  }

  /// What iptables says of an option of an extension.
  func tool(for name: String, _ option: String) -> String? {
    guard let tool else { return nil }
    var text = ""
    for character in tool {
      switch character {
      case OptionError.extensionMark: text += name
      case OptionError.optionMark: text += option
      default: text.append(character)
      }
    }
    return text
  }
}
