// The texts that stand beside the sources: style and script of the pages; and how other texts stand in a page.

import NetfilterModel

/// Style and script, as the build put them into the program, and escaping.
enum PageText {
  /// The style of pages that show walks.
  static var walkStyle: String { String(decoding: PackageResources.walk_css, as: UTF8.self) }
  /// The script that shows walks.
  static var walkScript: String { String(decoding: PackageResources.walk_js, as: UTF8.self) }

  /// JSON as it can stand in a script element, which `<` could end.
  static func inScript(_ json: String) -> String { json.replacingScalars { $0 == "<" ? "\\u003c" : nil } }

  /// A text as it can stand in HTML and SVG, also in an attribute.
  static func escaped(_ text: String) -> String {
    text.replacingScalars { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#39;"
      default: nil
      }
    }
  }
}
